import { useState } from 'preact/hooks';
import type { ExemplarJson, ExemplarSeriesJson } from '../../src/http/api/exemplars.ts';
import type { LabelsJson } from '../../src/http/api/envelope.ts';
import { Labels } from '../parts/labels.tsx';
import { seriesText } from '../text/labels.ts';
import { plural, toNumber } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import type { PlotScale } from './plot-place.ts';

/** Points that can still be told apart and clicked. */
const MOST_POINTS = 200;
/** Where a point is the centre of, px. */
const HALF = 6;

interface Point {
  readonly series: LabelsJson;
  readonly exemplar: ExemplarJson;
  readonly value: number;
}

interface Props {
  readonly series: readonly ExemplarSeriesJson[];
  readonly scale: PlotScale;
}

/**
 * Exemplars as points over a graph; a click tells the labels of one. Values that the graph does not reach stand at its edge. They are
 * elements and not drawn, so that keys reach them.
 */
export function Exemplars({ series, scale }: Props) {
  const [opened, setOpened] = useState<Point>();
  const points = pointsOf(series, scale);
  const shown = thinned(points);
  // Those of an answer that came since are other objects.
  const open = opened && points.find((point) => keyOf(point) === keyOf(opened));
  return (
    <>
      <div class="exemplars">
        {shown.map((point, i) => {
          const { left, top } = scale.placeOf(point.exemplar.timestamp, point.value);
          return (
            <button
              key={i}
              class="exemplar"
              aria-expanded={point === open}
              aria-label={`Exemplar: ${point.exemplar.value} at ${timeText(point.exemplar.timestamp)}`}
              style={{ left: `${left - HALF}px`, top: `${top - HALF}px` }}
              onClick={() => setOpened(point === open ? undefined : point)}
            />
          );
        })}
      </div>
      <p class="small muted">
        {points.length === 0
          ? 'The series of this query have no exemplars in this range.'
          : plural(points.length, 'exemplar')}
        {shown.length < points.length &&
          `, of which ${shown.length} are shown, those with the greatest values among them`}
      </p>
      {open !== undefined && <OpenExemplar point={open} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function OpenExemplar({
  point: { series, exemplar },
  onClose,
}: {
  readonly point: Point;
  readonly onClose: () => void;
}) {
  return (
    <section class="notice" aria-label="An exemplar">
      <div class="row">
        <strong>{exemplar.value}</strong> at {timeText(exemplar.timestamp)}
        <button class="small" onClick={onClose}>
          Close
        </button>
      </div>
      <p>
        <Labels labels={exemplar.labels} />
      </p>
      <p class="mono small muted tip-name">
        <bdi>{seriesText(series).slice(0, 400)}</bdi>
      </p>
    </section>
  );
}

function pointsOf(series: readonly ExemplarSeriesJson[], { start, end }: PlotScale): readonly Point[] {
  return series.flatMap(({ seriesLabels, exemplars }) =>
    exemplars
      .filter(({ timestamp }) => timestamp >= start && timestamp <= end)
      .map((exemplar) => ({ series: seriesLabels, exemplar, value: toNumber(exemplar.value) }))
      .filter(({ value }) => !Number.isNaN(value)),
  );
}

function keyOf({ series, exemplar }: Point): string {
  return JSON.stringify([exemplar.timestamp, exemplar.value, exemplar.labels, series]);
}

/** The greatest half of what is shown, because those are looked for, and some of all others. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const ordered = points.toSorted((a, b) => b.value - a.value);
  const half = MOST_POINTS / 2;
  const others = ordered.slice(half);
  return [
    ...ordered.slice(0, half),
    ...Array.from({ length: half }, (_, i) => others[Math.floor((i * others.length) / half)]!),
  ];
}
