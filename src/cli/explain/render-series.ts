import type { SelectorJson, SeriesJson, WindowJson } from '../../http/api/explanation.ts';
import { formatMetric } from '../../model/format-labels.ts';
import { labelsFromRecord } from '../../model/labels.ts';
import { CellState } from '../../select/explaining/explanation.ts';
import { counted, formatCount, timeFormat, wrap } from './format.ts';
import { drawTimeline } from './timeline.ts';

/** Longer lists are cut; the JSON has them. */
const MOST_WINDOWS = 12;

/** One series with a timeline of each replica and the decisions on its windows, no line longer than `width`. */
export function renderSeries(
  { labels, replicas, windows, windowsNotShown }: SeriesJson,
  { timeline: { start, cellSeconds, cells } }: SelectorJson,
  width: number,
): readonly string[] {
  const end = start + cells * cellSeconds;
  const time = timeFormat(start, end - 1);
  const names = replicas.map(({ replica }) => replica);
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const kept = replicas.map(({ samples, timeline }) =>
    timeline.startsWith(CellState.failed)
      ? 'failed'
      : `${formatCount(samples.survived)} of ${formatCount(samples.inRange)}`,
  );
  const keptWidth = Math.max(0, ...kept.map((text) => text.length));
  const columns = Math.max(Math.min(cells, width - nameWidth - keptWidth - 6), 1);
  const rows = replicas.map(
    ({ timeline }, r) => `  ${names[r]!.padEnd(nameWidth)}  ${drawTimeline(timeline, columns)}  ${kept[r]!}`,
  );
  const axis = [time(start), time(end)];
  const gap = Math.max(2, columns - axis[0]!.length - axis[1]!.length);
  const shown = windows.slice(0, MOST_WINDOWS);
  const hidden = windows.length - shown.length + windowsNotShown;
  return [
    ...wrap(formatMetric(labelsFromRecord(labels)), width, '  '),
    ...rows,
    `  ${' '.repeat(nameWidth)}  ${axis[0]}${' '.repeat(gap)}${axis[1]}`,
    ...shown.map((window) => `  ${renderWindow(window, time, nameWidth)}`),
    ...(hidden > 0 ? [`  not shown: ${counted(hidden, 'stretch', 'stretches')} of windows`] : []),
  ];
}

function renderWindow(
  { start, end, replica, reason, penaltyMs = 0 }: WindowJson,
  time: (seconds: number) => string,
  nameWidth: number,
): string {
  const missing = penaltyMs >= 1000 ? ` (misses ${Math.round(penaltyMs / 1000)} s itself)` : '';
  return `${time(start)} – ${time(end)}  ${replica.padEnd(nameWidth)}  ${reason}${missing}`;
}
