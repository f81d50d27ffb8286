import { parseDuration } from '../../src/model/duration.ts';
import { labelsKey } from '../../src/model/labels.ts';
import { parseMetric } from './parse-metric.ts';
import { parsePoints } from './parse-points.ts';
import { parseStarts } from './parse-starts.ts';
import type { LoadCommand, LoadedSeries } from './script.ts';
import { TextCursor } from './text-cursor.ts';

/** A `load` command: its line and those that belong to it. Throws plain errors. */
export function parseLoad(head: string, body: readonly string[]): LoadCommand {
  const [, suffix, interval] = /^load(_with_nhcb)?\s+(.+)$/i.exec(head) ?? [];
  if (interval === undefined) throw new Error('a load command needs the interval between its points');
  const series: LoadedSeries[] = [];
  let starts: LoadedSeries | undefined;
  for (const line of body) {
    const [, metric, values] = /^(\S+)@st\s+(.*)$/.exec(line) ?? [];
    if (metric !== undefined) {
      const labels = parseMetric(new TextCursor(metric));
      starts = { labels, points: [], starts: parseStarts(values!) };
      continue;
    }
    const { labels, points } = parseSeries(line);
    if (starts !== undefined && labelsKey(starts.labels) !== labelsKey(labels)) {
      throw new Error('an @st line is followed by another series');
    }
    if (starts !== undefined && starts.starts?.length !== points.length) {
      throw new Error(`${starts.starts?.length} start timestamps for ${points.length} points`);
    }
    series.push({ labels, points, starts: starts?.starts });
    starts = undefined;
  }
  if (starts !== undefined) throw new Error('an @st line is followed by no series');
  return {
    kind: 'load',
    interval: parseDuration(interval),
    withCustomBuckets: suffix !== undefined,
    series,
  };
}

/** `<series> <points>`, as in `load` and in expected results. */
export function parseSeries(line: string): Pick<LoadedSeries, 'labels' | 'points'> {
  const cursor = new TextCursor(line);
  const labels = parseMetric(cursor);
  return { labels, points: parsePoints(cursor) };
}
