import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import type { ExemplarSeriesJson } from '../../src/http/api/exemplars.ts';
import { later } from '../parts/later.tsx';
import { theme, zone } from '../state/settings.ts';
import { useWidth } from '../state/use-width.ts';
import { timeText } from '../text/time.ts';
import { isDark } from './palette.ts';
import { PLOT_LEFT, PLOT_RIGHT, type PlotScale } from './plot-place.ts';

const Exemplars = later(async () => (await import('./exemplars.tsx')).Exemplars);

const HEIGHT = 320;

/** s */
interface TimeStretch {
  readonly start: number;
  readonly end: number;
}

/** What every plot over time is told. */
export interface TimePlotProps {
  readonly times: Float64Array;
  /** Times of which nobody has data. */
  readonly missing: readonly TimeStretch[];
  readonly onZoom: (start: number, end: number) => void;
  /** Goes back to what was shown before. */
  readonly onUnzoom: () => void;
  /** Undefined where they are not asked for. */
  readonly exemplars: readonly ExemplarSeriesJson[] | undefined;
}

/** What stands in a plot, for the light or the dark theme. */
export interface PlotContent<Point> extends Pick<UPlot.Options, 'bands'> {
  readonly scale: UPlot.Scale;
  /** Where its scale has ticks, and their texts. */
  readonly axis: Pick<UPlot.Axis, 'splits' | 'values'>;
  readonly series: readonly UPlot.Series[];
  /** A column a series, with a value a step. */
  readonly columns: readonly (readonly (number | null)[])[];
  readonly draw?: (plot: UPlot) => void;
  /** Where a value is on the scale; there itself where it is undefined. */
  readonly placeOf?: (value: number) => number;
  /** What is at a place, px within the plot. */
  readonly pointAt: (plot: UPlot, step: number, top: number) => HoveredPlace<Point> | undefined;
}

/** px within the plot. */
interface HoveredPlace<Point> {
  readonly point: Point;
  readonly left: number;
  readonly top: number;
  /** What is outlined, from `left` and `top`. */
  readonly box?: { readonly width: number; readonly height: number };
}

interface Props<Point> extends TimePlotProps {
  readonly label: string;
  /** Another one is drawn anew. */
  readonly contentOf: (dark: boolean) => PlotContent<Point>;
  readonly tip: (point: Point) => ComponentChildren;
  /** What stands right below the plot. */
  readonly below?: ComponentChildren;
}

/**
 * A plot over time. What is under the pointer stands beside it; dragging chooses a range, and a double click goes back. Arrow keys move
 * along a line.
 */
export function TimePlot<Point>(props: Props<Point>) {
  // While somebody drags it stays as it is: what came meanwhile is drawn afterwards.
  const [isHeld, setHeld] = useState(false);
  const latest = useRef(props);
  if (!isHeld) latest.current = props;
  const { times, missing, contentOf, label, exemplars, tip, below, onUnzoom } = latest.current;
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<HoveredPlace<Point>>();
  const [scale, setScale] = useState<PlotScale>();
  const holder = useWidth(setWidth);
  const drawn = useRef<DrawnPlot | undefined>(undefined);
  useEffect(() => {
    if (width === 0 || holder.current === null) return undefined;
    const made = makePlot(holder.current, width, latest, { setHovered, setScale });
    drawn.current = made;
    return () => {
      made.plot.destroy();
      drawn.current = undefined;
      setHovered(undefined);
    };
  }, [width, times, contentOf, missing, theme.value, zone.value]);
  return (
    <div class="graph-place">
      <div
        class="graph"
        ref={holder}
        role="img"
        aria-label={label}
        tabIndex={0}
        onDblClick={onUnzoom}
        onKeyDown={(event) => {
          const by = Number(event.key === 'ArrowRight') - Number(event.key === 'ArrowLeft');
          if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          drawn.current?.move(by);
        }}
        onBlur={() => drawn.current?.plot.setCursor({ left: -10, top: -10 })}
        onMouseDown={({ button }) => {
          setHeld(button === 0);
          addEventListener('mouseup', () => setHeld(false), { once: true });
        }}
      >
        {hovered !== undefined && (
          <>
            {hovered.box !== undefined && <div class="hovered-box" style={boxStyle(hovered)} />}
            <div class="tip" style={tipStyle(hovered, width)}>
              {tip(hovered.point)}
            </div>
          </>
        )}
      </div>
      {below}
      {exemplars !== undefined && scale !== undefined && <Exemplars series={exemplars} scale={scale} />}
    </div>
  );
}

function boxStyle({ left, top, box }: HoveredPlace<unknown>) {
  return {
    left: `${left}px`,
    top: `${top}px`,
    width: `${box?.width ?? 0}px`,
    height: `${box?.height ?? 0}px`,
  };
}

function tipStyle({ left, top, box }: HoveredPlace<unknown>, width: number) {
  const place = { top: `${Math.max(0, top - 12)}px` };
  return left > width / 2
    ? { ...place, right: `${width - left + 12}px` }
    : { ...place, left: `${left + (box?.width ?? 0) + 12}px` };
}

interface Hearers<Point> {
  readonly setHovered: (hovered: HoveredPlace<Point> | undefined) => void;
  readonly setScale: (scale: PlotScale) => void;
}

interface DrawnPlot {
  readonly plot: UPlot;
  /** Moves the cursor by so many steps, along the line that it is at. */
  readonly move: (by: number) => void;
}

function makePlot<Point>(
  holder: HTMLElement,
  width: number,
  latest: { readonly current: Props<Point> },
  { setHovered, setScale }: Hearers<Point>,
): DrawnPlot {
  const { times, missing, contentOf } = latest.current;
  const { scale, axis, series, columns, bands, draw, placeOf, pointAt } = contentOf(isDark());
  const [text, line, amber] = colours(holder, ['--text-3', '--line', '--missing']);
  const looks = {
    stroke: text!,
    grid: { stroke: line!, width: 1 },
    ticks: { stroke: line!, width: 1, size: 4 },
  };
  const plot = new UPlot(
    {
      width,
      height: HEIGHT,
      padding: [8, PLOT_RIGHT, 0, 0],
      tzDate: (time) =>
        zone.value === 'utc' ? UPlot.tzDate(new Date(time * 1000), 'Etc/UTC') : new Date(time * 1000),
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { show: false }, y: true },
      scales: { x: { time: true, range: [times[0]!, times.at(-1)!] }, y: scale },
      axes: [
        {
          ...looks,
          size: 28,
          space: (_, __, start, end, wide) => spaceOf((end - start) / wide),
          values: (_, splits, __, ___, increment) => splits.map((at) => axisTime(at, increment)),
        },
        { ...looks, size: PLOT_LEFT, ...axis },
      ],
      series: [{}, ...series],
      ...(bands !== undefined && { bands }),
      hooks: {
        // Where values lie is known only then.
        ready: [(plot) => setScale(scaleOf(plot, times, placeOf))],
        drawClear: [(plot) => hatch(plot, missing, amber!)],
        draw: [(plot) => draw?.(plot)],
        setSelect: [
          (plot) => {
            const { left, width: selected } = plot.select;
            if (selected < 4) return;
            latest.current.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + selected, 'x'));
          },
        ],
        setCursor: [
          (plot) => {
            const { idx, left = -1, top = -1 } = plot.cursor;
            const isOver = typeof idx === 'number' && left >= 0 && top >= 0;
            const place = isOver ? pointAt(plot, idx, top) : undefined;
            const { offsetLeft, offsetTop } = plot.over;
            setHovered(place && { ...place, left: place.left + offsetLeft, top: place.top + offsetTop });
          },
        ],
      },
    },
    [times, ...columns] as unknown as UPlot.AlignedData,
    holder,
  );
  return {
    plot,
    move: (by) => {
      const { idx, top = -1 } = plot.cursor;
      const { length } = times;
      const step = Math.min(Math.max((idx ?? (by > 0 ? -1 : length)) + by, 0), length - 1);
      const near = pointAt(plot, step, top);
      const value = columns.map((column) => column[step]).find((each) => typeof each === 'number');
      const elsewhere = value === undefined ? top : plot.valToPos(value, 'y');
      plot.setCursor({
        left: plot.valToPos(times[step]!, 'x'),
        top: near === undefined ? elsewhere : near.top + (near.box?.height ?? 0) / 2,
      });
    },
  };
}

function scaleOf(plot: UPlot, times: Float64Array, placeOf = (value: number) => value): PlotScale {
  const { offsetLeft, offsetTop, clientHeight } = plot.over;
  return {
    start: times[0]!,
    end: times.at(-1)!,
    placeOf: (time, value) => {
      // A logarithm of nothing has no place.
      const top = plot.valToPos(placeOf(value), 'y');
      const inside = Number.isNaN(top) ? clientHeight : Math.min(Math.max(top, 0), clientHeight);
      return { left: offsetLeft + plot.valToPos(time, 'x'), top: offsetTop + inside };
    },
  };
}

/** px from one text to the next. */
const [SHORT, WITH_SECONDS] = [50, 72];

function spaceOf(secondsPerPixel: number): number {
  return secondsPerPixel * WITH_SECONDS < 60 ? WITH_SECONDS : SHORT;
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
function hatch(plot: UPlot, missing: readonly TimeStretch[], colour: string): void {
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
