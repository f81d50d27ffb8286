import { useCallback } from 'preact/hooks';
import type UPlot from 'uplot';
import { timeText } from '../text/time.ts';
import { valueText } from '../text/numbers.ts';
import { drawnValues, stackedValues, type GraphSeries } from './graph-data.ts';
import { colourAt } from './palette.ts';
import { TimePlot, type PlotContent, type TimePlotProps } from './time-plot.tsx';

/** uPlot's number for it is a constant of its types alone. */
const LOGARITHMIC: object = { distr: 3 };

/** A line that is drawn. */
export interface DrawnSeries {
  readonly series: GraphSeries;
  /** Of the palette. */
  readonly colour: number;
  /** Of the answer that this one is compared with. */
  readonly isCompared: boolean;
}

/** The point under the pointer. */
interface Point {
  readonly series: GraphSeries;
  /** s */
  readonly time: number;
  readonly value: number;
  readonly colour: string;
}

interface Props extends TimePlotProps {
  readonly drawn: readonly DrawnSeries[];
  readonly isStacked: boolean;
  readonly fromZero: boolean;
  readonly isLog: boolean;
  /** What is said of a point of a series besides its value. */
  readonly tellOf: (time: number, series: string) => string | undefined;
}

/** Lines over time. */
export function Graph(props: Props) {
  const { times, drawn, isStacked, fromZero, isLog, tellOf } = props;
  const contentOf = useCallback(
    (dark: boolean) => contentOfLines(props, dark),
    [times, drawn, isStacked, fromZero, isLog],
  );
  const tip = ({ series: { name }, time, value, colour }: Point) => {
    const said = tellOf(time, name);
    return (
      <>
        <div class="muted">{timeText(time)}</div>
        <div>
          <span class="swatch" style={{ background: colour }} /> <strong>{valueText(value)}</strong>
        </div>
        <div class="mono small tip-name">
          <bdi>{name.slice(0, 300)}</bdi>
        </div>
        {said !== undefined && <div class="small">{said}</div>}
      </>
    );
  };
  return <TimePlot {...props} label={`A graph of ${drawn.length} series`} contentOf={contentOf} tip={tip} />;
}

function contentOfLines(
  { times, drawn, isStacked, fromZero, isLog }: Props,
  dark: boolean,
): PlotContent<Point> {
  const lines = drawn.map(({ series }) => drawnValues(series.values, isLog));
  const columns = isStacked ? stackedValues(lines) : lines;
  return {
    scale: isLog ? LOGARITHMIC : { range: (_, min, max) => yRange(min, max, fromZero || isStacked) },
    axis: { values: (_, splits) => splits.map((value) => (value === null ? '' : valueText(value))) },
    series: drawn.map(({ series, colour, isCompared }) => ({
      label: series.name,
      stroke: colourAt(colour, dark),
      width: isCompared ? 1 : 1.5,
      ...(isCompared && { dash: [4, 4] }),
      ...(isStacked && { fill: `${colourAt(colour, dark)}55` }),
      points: { show: isAlone },
      spanGaps: false,
    })),
    columns,
    bands: isStacked
      ? drawn.slice(1).map((_, i) => ({ series: [i + 2, i + 1] as [number, number] }))
      : differenceBands(drawn, dark),
    pointAt(plot, step, top) {
      const nearest = nearestLine(plot, columns, step, top);
      if (nearest === undefined) return undefined;
      const { series, colour } = drawn[nearest]!;
      const time = times[step]!;
      return {
        left: plot.valToPos(time, 'x'),
        top: plot.valToPos(columns[nearest]![step]!, 'y'),
        point: { series, time, value: series.values[step]!, colour: colourAt(colour, dark) },
      };
    },
  };
}

/** What lies between a line and the one that it is compared with, whichever of the two is above. The latter comes next. */
function differenceBands(drawn: readonly DrawnSeries[], dark: boolean): UPlot.Band[] {
  return drawn.flatMap(({ colour, isCompared }, i) => {
    const fill = `${colourAt(colour, dark)}33`;
    return isCompared
      ? [
          { series: [i, i + 1], fill },
          { series: [i + 1, i], fill },
        ]
      : [];
  });
}

/** Points that no line leads to would not be seen. */
function isAlone(plot: UPlot, index: number, from: number, to: number): boolean {
  const data = plot.data[index]!;
  if (to - from > 200) return false;
  for (let i = from; i <= to; i++)
    if (isValue(data[i]) && !isValue(data[i - 1]) && !isValue(data[i + 1])) return true;
  return false;
}

function isValue(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

function yRange(min: number | null, max: number | null, fromZero: boolean): [number, number] {
  if (min === null || max === null) return [0, 1];
  const [low, high] = fromZero ? [Math.min(0, min), Math.max(0, max)] : [min, max];
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  const room = (high - low) * 0.06;
  return [fromZero && low === 0 ? 0 : low - room, fromZero && high === 0 ? 0 : high + room];
}

/** px */
const NEAR = 40;

function nearestLine(
  plot: UPlot,
  columns: readonly (readonly (number | null)[])[],
  step: number,
  top: number,
): number | undefined {
  let [best, distance] = [undefined as number | undefined, NEAR];
  for (const [i, column] of columns.entries()) {
    const value = column[step];
    if (!isValue(value)) continue;
    const away = Math.abs(plot.valToPos(value, 'y') - top);
    if (away < distance) [best, distance] = [i, away];
  }
  return best;
}
