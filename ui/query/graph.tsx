import { useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import type { ExemplarSeriesJson } from '../../src/http/api/exemplars.ts';
import { later } from '../parts/later.tsx';
import { theme, zone } from '../state/settings.ts';
import { useWidth } from '../state/use-width.ts';
import { timeText } from '../text/time.ts';
import { valueText } from '../text/numbers.ts';
import { drawnValues, stackedValues, type GraphSeries } from './graph-data.ts';
import { colourAt, isDark } from './palette.ts';
import { PLOT_LEFT, PLOT_RIGHT, type PlotScale } from './plot-place.ts';

const Exemplars = later(async () => (await import('./exemplars.tsx')).Exemplars);

const HEIGHT = 320;

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
export interface HoveredPoint {
  readonly series: GraphSeries;
  /** s */
  readonly time: number;
  readonly value: number;
}

interface Props {
  readonly times: Float64Array;
  readonly drawn: readonly DrawnSeries[];
  readonly isStacked: boolean;
  readonly fromZero: boolean;
  readonly isLog: boolean;
  /** Times of which nobody has data, s. */
  readonly missing: readonly { readonly start: number; readonly end: number }[];
  readonly onZoom: (start: number, end: number) => void;
  /** What is said of a point besides its value. */
  readonly tellOf: (point: HoveredPoint) => string | undefined;
  /** Undefined where they are not asked for. */
  readonly exemplars: readonly ExemplarSeriesJson[] | undefined;
}

interface Tip {
  readonly left: number;
  readonly top: number;
  readonly point: HoveredPoint;
  readonly colour: string;
}

/** Lines over time. What is under the pointer stands beside it; dragging chooses a range. */
export function Graph(props: Props) {
  const { times, drawn, isStacked, fromZero, isLog, missing } = props;
  const [width, setWidth] = useState(0);
  const [tip, setTip] = useState<Tip>();
  const [scale, setScale] = useState<PlotScale>();
  const holder = useWidth(setWidth);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (width === 0 || holder.current === null) return undefined;
    const plot = makePlot(holder.current, width, latest, { setTip, setScale });
    return () => {
      plot.destroy();
      setTip(undefined);
    };
  }, [width, times, drawn, isStacked, fromZero, isLog, missing, theme.value, zone.value]);
  return (
    <div class="graph-place">
      <div class="graph" ref={holder} role="img" aria-label={`A graph of ${drawn.length} series`}>
        {tip !== undefined && <PointTip tip={tip} width={width} said={props.tellOf(tip.point)} />}
      </div>
      {props.exemplars !== undefined && scale !== undefined && (
        <Exemplars series={props.exemplars} scale={scale} />
      )}
    </div>
  );
}

function PointTip({
  tip,
  width,
  said,
}: {
  readonly tip: Tip;
  readonly width: number;
  readonly said: string | undefined;
}) {
  const { left, top, point, colour } = tip;
  const isRight = left > width / 2;
  return (
    <div
      class="tip"
      style={{
        top: `${Math.max(0, top - 12)}px`,
        ...(isRight ? { right: `${width - left + 12}px` } : { left: `${left + 12}px` }),
      }}
    >
      <div class="muted">{timeText(point.time)}</div>
      <div>
        <span class="swatch" style={{ background: colour }} /> <strong>{valueText(point.value)}</strong>
      </div>
      <div class="mono small tip-name">
        <bdi>{point.series.name.slice(0, 300)}</bdi>
      </div>
      {said !== undefined && <div class="small">{said}</div>}
    </div>
  );
}

interface Hearers {
  readonly setTip: (tip: Tip | undefined) => void;
  readonly setScale: (scale: PlotScale) => void;
}

function makePlot(
  holder: HTMLElement,
  width: number,
  latest: { readonly current: Props },
  { setTip, setScale }: Hearers,
): UPlot {
  const { times, drawn, isStacked, fromZero, isLog, missing } = latest.current;
  const dark = isDark();
  const columns = drawn.map(({ series }) => drawnValues(series.values, isLog));
  const shown = isStacked ? stackedValues(columns) : columns;
  const [text, line, amber] = colours(holder, ['--text-3', '--line', '--missing']);
  const axis = {
    stroke: text!,
    grid: { stroke: line!, width: 1 },
    ticks: { stroke: line!, width: 1, size: 4 },
  };
  return new UPlot(
    {
      width,
      height: HEIGHT,
      padding: [8, PLOT_RIGHT, 0, 0],
      tzDate: (time) =>
        zone.value === 'utc' ? UPlot.tzDate(new Date(time * 1000), 'Etc/UTC') : new Date(time * 1000),
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { show: false }, y: true },
      scales: {
        x: { time: true, range: [times[0]!, times.at(-1)!] },
        y: isLog ? LOGARITHMIC : { range: (_, min, max) => yRange(min, max, fromZero || isStacked) },
      },
      axes: [
        {
          ...axis,
          size: 28,
          values: (_, splits, __, ___, increment) => splits.map((at) => axisTime(at, increment)),
        },
        {
          ...axis,
          size: PLOT_LEFT,
          values: (_, splits) => splits.map((value) => (value === null ? '' : valueText(value))),
        },
      ],
      series: [
        {},
        ...drawn.map(({ series, colour, isCompared }) => ({
          label: series.name,
          stroke: colourAt(colour, dark),
          width: isCompared ? 1 : 1.5,
          ...(isCompared && { dash: [4, 4] }),
          ...(isStacked && { fill: `${colourAt(colour, dark)}55` }),
          points: { show: isAlone },
          spanGaps: false,
        })),
      ],
      bands: isStacked
        ? drawn.slice(1).map((_, i) => ({ series: [i + 2, i + 1] as [number, number] }))
        : differenceBands(drawn, dark),
      hooks: {
        // Where values lie is known only then.
        ready: [(plot) => setScale(scaleOf(plot, times))],
        drawClear: [(plot) => hatch(plot, missing, amber!)],
        setSelect: [
          (plot) => {
            const { left, width: selected } = plot.select;
            if (selected < 4) return;
            latest.current.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + selected, 'x'));
          },
        ],
        setCursor: [(plot) => setTip(nearest(plot, latest.current, shown, dark))],
      },
    },
    [times, ...shown] as unknown as UPlot.AlignedData,
    holder,
  );
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

function scaleOf(plot: UPlot, times: Float64Array): PlotScale {
  const { offsetLeft, offsetTop, clientHeight } = plot.over;
  return {
    start: times[0]!,
    end: times.at(-1)!,
    placeOf: (time, value) => {
      // A logarithm of nothing has no place.
      const top = plot.valToPos(value, 'y');
      const inside = Number.isNaN(top) ? clientHeight : Math.min(Math.max(top, 0), clientHeight);
      return { left: offsetLeft + plot.valToPos(time, 'x'), top: offsetTop + inside };
    },
  };
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

function axisTime(at: number, increment: number): string {
  const text = timeText(at);
  const [day, time] = [text.slice(5, 10), text.slice(11)];
  if (increment >= 86_400) return day;
  if (time === '00:00:00') return day;
  return increment < 60 ? time : time.slice(0, 5);
}

/** Colours of the theme as the canvas understands them. */
function colours(holder: HTMLElement, names: readonly string[]): readonly string[] {
  const probe = document.createElement('span');
  holder.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

/** Marks the times that nobody has, behind the lines. */
function hatch(plot: UPlot, missing: Props['missing'], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.35;
  ctx.lineWidth = devicePixelRatio;
  const gap = 8 * devicePixelRatio;
  for (const { start, end } of missing) {
    const left = Math.max(bbox.left, plot.valToPos(start, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(end, 'x', true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += gap) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

/** px */
const NEAR = 40;

function nearest(
  plot: UPlot,
  { times, drawn }: Props,
  shown: readonly (readonly (number | null)[])[],
  dark: boolean,
): Tip | undefined {
  const { idx, left = -1, top = -1 } = plot.cursor;
  if (!isValue(idx) || left < 0 || top < 0) return undefined;
  let [best, distance] = [-1, NEAR];
  for (const [i, column] of shown.entries()) {
    const value = column[idx];
    if (!isValue(value)) continue;
    const away = Math.abs(plot.valToPos(value, 'y') - top);
    if (away < distance) [best, distance] = [i, away];
  }
  if (best === -1) return undefined;
  const { series, colour } = drawn[best]!;
  const point = { series, time: times[idx]!, value: series.values[idx]! };
  const x = plot.valToPos(times[idx]!, 'x') + plot.over.offsetLeft;
  return {
    left: x,
    top: plot.valToPos(shown[best]![idx]!, 'y') + plot.over.offsetTop,
    point,
    colour: colourAt(colour, dark),
  };
}
