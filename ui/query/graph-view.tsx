import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExplanationJson } from '../../src/http/api/explanation.ts';
import type { SeriesSamplesJson } from '../../src/http/api/query.ts';
import { useLoad } from '../state/use-load.ts';
import { countText } from '../text/numbers.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { later } from '../parts/later.tsx';
import { useCompared, withCompared } from './comparison.ts';
import {
  graphSeries,
  MOST_DRAWN,
  orderedSeries,
  splitResult,
  timesOf,
  type GraphSeries,
} from './graph-data.ts';
import type { PictureHolder } from './draw-picture.ts';
import { HistogramChoice } from './histogram-choice.tsx';
import { Legend } from './legend.tsx';
import { Losses } from './losses.tsx';
import { colourAt, heatSwatch, isDark, Palette } from './palette.ts';
import type { PanelState } from './panel-state.ts';
import { originText, shardsText, type ShardStrips } from './provenance.ts';
import { askExemplars, type Outcome } from './run-query.ts';

// What both are drawn with comes beside them. Else it would come after them only.
const Comparison = later(async () => (await import('./comparison-text.tsx')).Comparison);
const Graph = later(async () => {
  const [{ Graph: loaded }] = await Promise.all([import('./graph.tsx'), import('./time-plot.tsx')]);
  return loaded;
});
const Heatmap = later(async () => {
  const [{ Heatmap: loaded }] = await Promise.all([import('./heatmap.tsx'), import('./time-plot.tsx')]);
  return loaded;
});

interface Props {
  readonly panel: PanelState;
  readonly result: readonly SeriesSamplesJson[];
  readonly outcome: Outcome;
  /** Holds what makes a picture of it as long as it is shown. */
  readonly picture: PictureHolder;
  readonly explanation: ExplanationJson | undefined;
  readonly strips: readonly ShardStrips[];
  /** What stands below the graph, on its time axis. */
  readonly provenance: ComponentChildren;
  readonly onChange: (change: Partial<PanelState>) => void;
}

const NONE_MISSING: readonly { readonly start: number; readonly end: number }[] = [];
const NOTHING: readonly GraphSeries[] = [];

type ShownRange = Pick<PanelState, 'range' | 'end'>;

/** A graph with its legend, and below it where its samples come from. Native histograms have a graph of their own. */
export function GraphView(props: Props) {
  const { panel, result, outcome, picture, explanation, strips, provenance, onChange } = props;
  const { span } = outcome;
  const palette = useRef(new Palette());
  // What was shown before each zoom, and what it showed. There is no way back from another range that was chosen since.
  const zooms = useRef<(readonly [before: ShownRange, shown: ShownRange])[]>([]);
  const [isolated, setIsolated] = useState<string>();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const series = useMemo(() => graphSeries(result, span), [result, span]);
  const times = useMemo(() => timesOf(span), [span]);
  const compared = useCompared(panel, outcome);
  const exemplars = useExemplars(panel, outcome);
  const hasHistograms = useMemo(() => result.some(({ histograms = [] }) => histograms.length > 0), [result]);
  const isHeatmap = hasHistograms && panel.histograms !== 'counts';
  const split = useMemo(
    () => splitResult(result, series, chosenNames(series, isolated, hidden), span, isHeatmap),
    [result, series, isolated, hidden, span, isHeatmap],
  );
  const chosen = useMemo(() => greatest(split.lines), [split]);
  // Lines that are stacked have no place of their own to compare.
  const other = isHeatmap ? compared.floats : compared.value;
  const beside = panel.isStacked ? NOTHING : (other ?? NOTHING);
  const drawn = useMemo(
    () => withCompared(chosen, beside, (name) => palette.current.indexOf(name)),
    [chosen, beside],
  );
  const drawnNames = useMemo(() => new Set(chosen.map(({ name }) => name)), [chosen]);
  const summedNames = useMemo(() => new Set(split.summed.map(({ name }) => name)), [split]);
  const swatchOf = (name: string): string | undefined => {
    if (drawnNames.has(name)) return colourAt(palette.current.indexOf(name), isDark());
    return summedNames.has(name) ? heatSwatch(isDark()) : undefined;
  };
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    picture.current = async () => {
      const canvases = holder.current?.querySelectorAll('canvas') ?? [];
      const { drawPicture } = await import('./draw-picture.ts');
      return drawPicture([...canvases], outcome.expr, [
        ...chosen.map(({ name }) => ({ name, colour: palette.current.indexOf(name) })),
        ...split.summed.map(({ name }) => ({ name, colour: undefined })),
      ]);
    };
    return () => {
      picture.current = undefined;
    };
  }, [chosen, split, outcome]);
  const missing = useMemo(() => {
    const all = strips.flatMap(({ nobody }) => nobody);
    const within = all.filter(({ start, end }) => end > span.start && start < span.end);
    // The same one each time, so that nothing is drawn anew for it.
    return within.length === 0 ? NONE_MISSING : within;
  }, [strips, span]);
  const tellOf = (time: number, name: string | undefined): string | undefined => {
    if (explanation === undefined) return undefined;
    const origin = name === undefined ? undefined : originText(explanation, name, time);
    return origin ?? shardsText(strips, time);
  };
  const plot = {
    times,
    missing,
    onZoom: (start: number, end: number) => {
      const shown = { range: Math.max(Math.round(end - start), 1), end: Math.round(end) };
      zooms.current.push([{ range: panel.range, end: panel.end }, shown]);
      onChange(shown);
    },
    onUnzoom: () => {
      const [before, shown] = zooms.current.pop() ?? [];
      if (before !== undefined && shown?.end === panel.end && shown?.range === panel.range) onChange(before);
    },
  };
  const hasHeatmap = split.summed.length > 0;
  const hasLines = chosen.length > 0 || !hasHeatmap;
  return (
    <div class="stack-8" ref={holder}>
      {hasHistograms && (
        <HistogramChoice value={panel.histograms} onValue={(histograms) => onChange({ histograms })} />
      )}
      {hasLines && (
        <Graph
          {...plot}
          drawn={drawn}
          isStacked={panel.isStacked}
          fromZero={panel.fromZero}
          isLog={panel.isLog}
          tellOf={tellOf}
          // Those of a histogram are values of its buckets, which lines of something else do not have.
          exemplars={hasHeatmap ? undefined : exemplars.value}
        />
      )}
      {hasHeatmap && (
        <Heatmap
          {...plot}
          result={split.histograms}
          step={span.step}
          isLinear={panel.histograms === 'linear'}
          tellOf={(time) => tellOf(time, split.summed.length === 1 ? split.summed[0]!.name : undefined)}
          exemplars={exemplars.value}
        />
      )}
      {exemplars.failure !== undefined && <FailureNotice failure={exemplars.failure} />}
      <Losses texts={exemplars.losses} />
      {provenance}
      {missing.length > 0 && (
        <p class="small is-missing">The graph is hatched where no replica of a shard has samples.</p>
      )}
      {(compared.value ?? compared.failure) !== undefined && (
        <Comparison
          series={series}
          compared={compared}
          times={times}
          isStacked={panel.isStacked}
          hasHeatmap={hasHeatmap}
        />
      )}
      {drawnNames.size < split.lines.length && (
        <p class="small muted">
          {countText(drawnNames.size)} of {countText(split.lines.length)} series are drawn: those with the
          greatest values. A click in the legend draws any other.
        </p>
      )}
      <Legend
        series={series}
        swatchOf={swatchOf}
        isolated={isolated}
        onIsolate={setIsolated}
        onHide={(name) => setHidden(toggled(hidden, name))}
      />
    </div>
  );
}

/** One alone where somebody chose it, else all that nobody hid. */
function chosenNames(
  series: readonly GraphSeries[],
  isolated: string | undefined,
  hidden: ReadonlySet<string>,
): ReadonlySet<string> {
  const names = series.map(({ name }) => name);
  return new Set(
    isolated !== undefined && names.includes(isolated)
      ? [isolated]
      : names.filter((name) => !hidden.has(name)),
  );
}

function greatest(lines: readonly GraphSeries[]): readonly GraphSeries[] {
  return lines.length <= MOST_DRAWN ? lines : orderedSeries(lines, 'max').slice(0, MOST_DRAWN);
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** Exemplars of what the graph shows, where somebody wants them. */
function useExemplars(panel: PanelState, { span, expr }: Outcome) {
  const { value, failure } = useLoad(
    panel.showsExemplars ? JSON.stringify([expr, span, panel.dedup]) : undefined,
    (signal) => askExemplars({ ...panel, expr }, span, signal),
  );
  return { value: value?.data, losses: value?.warnings ?? [], failure };
}
