import { startMetricsTarget } from '../../../support/metrics-target.ts';
import { PARTS, levelOf } from './truth.ts';

/**
 * The targets that all replicas scrape: `exporter-process.ts COUNT EPOCH_MS`. Its URL is their addresses, with spaces between. Ends with its
 * parent.
 */
const [count, epoch] = process.argv.slice(2).map(Number) as [number, number];

const targets = await Promise.all(
  Array.from({ length: count }, (_, target) => startMetricsTarget(() => exposition(target))),
);
process.once('disconnect', () => void Promise.all(targets.map((target) => target.stop())));
process.send!({ url: targets.map(({ address }) => address).join(' ') });

/** Each sample of a counter says itself when it is from: however late a busy machine scrapes, it lies on the line. */
function exposition(target: number): string {
  const now = Date.now();
  const lines = ['# TYPE level gauge', '# TYPE work_total counter'];
  for (let part = 0; part < PARTS; part++) {
    const level = levelOf(target, part);
    lines.push(`level{part="${part}"} ${level}`);
    lines.push(`work_total{part="${part}"} ${((now - epoch) / 1000) * level} ${now}`);
  }
  return `${lines.join('\n')}\n`;
}
