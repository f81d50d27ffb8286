import type { WatchedSeries } from './workload.ts';

/** All that one server holds. OpenMetrics has seconds; promtool cuts them to ms, hence the half ms that is added. */
export function openMetrics(server: 'a' | 'b' | 'reference', all: readonly WatchedSeries[]): string {
  const lines: string[] = [];
  for (const { metric, labels, [server]: samples } of all) {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const name = `${metric}{${pairs.join(',')}}`;
    for (let i = 0; i < samples.length; i++)
      lines.push(`${name} ${samples.v[i]!} ${((samples.t[i]! + 0.5) / 1000).toFixed(4)}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
