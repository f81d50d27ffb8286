import { useCallback, useMemo } from 'preact/hooks';
import type UPlot from 'uplot';
import type { SeriesSamplesJson } from '../../src/http/api/query.ts';
import { isDark } from './palette.ts';
import { percentText, plural, valueText } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { boundsText } from './bucket-bounds.ts';
import { bucketAxis, type BucketAxis } from './heatmap-axis.ts';
import { heatColours } from './heatmap-colours.ts';
import { extentOf, heatmapOf, type Cell, type Heatmap as HeatmapData } from './heatmap-data.ts';
import { TimePlot, type PlotContent, type TimePlotProps } from './time-plot.tsx';

/** The cell under the pointer. */
interface Point {
  readonly cell: Cell;
  /** s */
  readonly time: number;
  /** Of all cells of that time. */
  readonly total: number;
}

interface Props extends TimePlotProps {
  readonly result: readonly SeriesSamplesJson[];
  /** s */
  readonly step: number;
  readonly isLinear: boolean;
  /** What is said of a time besides. */
  readonly tellOf: (time: number) => string | undefined;
}

/** Native histograms over time: a column a step, in it a cell a bucket, and the more a bucket holds the stronger its colour. */
export function Heatmap(props: Props) {
  const { result, times, step, isLinear, tellOf } = props;
  const data = useMemo(
    () => heatmapOf(result, { start: times[0]!, step, count: times.length }),
    [result, times, step],
  );
  const contentOf = useCallback(
    (dark: boolean) => contentOfCells(data, { times, step, isLinear, dark }),
    [data, times, step, isLinear],
  );
  const tip = ({ cell, time, total }: Point) => {
    const said = tellOf(time);
    return (
      <>
        <div class="muted">{timeText(time)}</div>
        <div class="mono">{boundsText(cell.ends, cell.low, cell.high)}</div>
        <div>
          <strong>{valueText(cell.count)}</strong>
          {total > 0 && ` (${percentText(cell.count / total)} of ${valueText(total)})`}
        </div>
        {said !== undefined && <div class="small">{said}</div>}
      </>
    );
  };
  return (
    <TimePlot
      {...props}
      label={sentence(data, result.length, times)}
      contentOf={contentOf}
      tip={tip}
      below={
        <div class="heatmap-key small muted">
          <Key data={data} />
          <span>
            {result.length > 1 &&
              `Each cell is the sum of ${plural(result.length, 'series', 'series')}; a click in the legend shows one alone. `}
            {data.isJoined && 'Buckets of other bounds are joined where they overlap.'}
          </span>
        </div>
      }
    />
  );
}

/** Places of the colours in the key. */
const KEY_STEPS = [0, 0.05, 0.15, 0.3, 0.5, 0.75, 1];

function Key({ data: { most, hasNegative } }: { readonly data: HeatmapData }) {
  const colourOf = heatColours(isDark());
  const colours = KEY_STEPS.map((share) => `${colourOf(share)} ${share * 100}%`);
  return (
    <span class="heatmap-scale">
      0{' '}
      <span class="heatmap-ramp" style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />{' '}
      {valueText(most)} in a bucket{hasNegative && ', red below zero'}
    </span>
  );
}

/** A heatmap in words, for those who do not see it. */
function sentence(data: HeatmapData, count: number, times: Float64Array): string {
  const what = `A heatmap of ${plural(count, 'native histogram')}`;
  const extent = extentOf(data);
  if (extent === undefined) return `${what}, all of them empty`;
  const { low, high, fullest, step } = extent;
  const bucket = boundsText(fullest.ends, fullest.low, fullest.high);
  return `${what} with buckets from ${valueText(low)} to ${valueText(high)}; the fullest one is ${bucket} with ${valueText(fullest.count)} at ${timeText(times[step]!)}`;
}

interface Drawing {
  readonly times: Float64Array;
  /** s */
  readonly step: number;
  readonly isLinear: boolean;
  readonly dark: boolean;
}

function contentOfCells(data: HeatmapData, drawing: Drawing): PlotContent<Point> {
  const { columns } = data;
  const { times, isLinear } = drawing;
  const axis = bucketAxis(columns, isLinear);
  return {
    scale: { range: [0, 1] },
    axis: {
      splits: () => axis.ticks.map(({ place }) => place),
      values: () => axis.ticks.map(({ text }) => text),
    },
    // Cells are drawn, not lines; the axis wants to belong to something.
    series: [{ show: false }],
    columns: [Array.from(times, () => null)],
    placeOf: axis.placeOf,
    draw: (plot) => drawCells(plot, data, axis, drawing),
    pointAt(plot, i, top) {
      const column = columns[i] ?? [];
      const time = times[i]!;
      // One without a height is drawn a pixel high.
      const cell = column.find((each) => {
        const { top: upper, bottom } = placeOfCell(plot, time, drawing, axis, each);
        return upper - 1 <= top && top <= bottom + 1;
      });
      if (cell === undefined) return undefined;
      const total = column.reduce((sum, { count }) => sum + count, 0);
      const { left, right, top: upper, bottom } = placeOfCell(plot, time, drawing, axis, cell);
      const box = { width: right - left, height: bottom - upper };
      return { left, top: upper, box, point: { cell, time, total } };
    },
  };
}

/** Edges of a cell: in px of the canvas, or of the page within the plot. A step is in the middle of its column, as it is on a line. */
function placeOfCell(
  plot: UPlot,
  time: number,
  { times, step }: Drawing,
  { edgesOf }: BucketAxis,
  cell: Cell,
  onCanvas = false,
) {
  const [lower, upper] = edgesOf(cell);
  return {
    left: plot.valToPos(Math.max(time - step / 2, times[0]!), 'x', onCanvas),
    right: plot.valToPos(Math.min(time + step / 2, times.at(-1)!), 'x', onCanvas),
    top: plot.valToPos(upper, 'y', onCanvas),
    bottom: plot.valToPos(lower, 'y', onCanvas),
  };
}

/** px of the canvas from which on a cell has room for a gap to the next one. */
const WIDE = 8;

function drawCells(plot: UPlot, { columns, most }: HeatmapData, axis: BucketAxis, drawing: Drawing): void {
  const { ctx } = plot;
  const colourOf = heatColours(drawing.dark);
  const { times } = drawing;
  ctx.save();
  for (const [i, column] of columns.entries())
    for (const cell of column) {
      const place = placeOfCell(plot, times[i]!, drawing, axis, cell, true);
      // Whole pixels, because edges between them would draw stripes that mean nothing.
      const [left, right] = [Math.round(place.left), Math.round(place.right)];
      const [top, bottom] = [Math.round(place.top), Math.round(place.bottom)];
      const [width, height] = [Math.max(right - left, 1), Math.max(bottom - top, 1)];
      ctx.fillStyle = colourOf(most === 0 ? 0 : cell.count / most);
      ctx.fillRect(left, top, width - Number(width > WIDE), height - Number(height > WIDE));
    }
  ctx.restore();
}
