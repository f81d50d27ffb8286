import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExplanationJson } from '../../src/http/api/explanation.ts';
import type { SeriesSamplesJson } from '../../src/http/api/query.ts';
import { useLoad } from '../state/use-load.ts';
import { countText, percentText, plural } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { later } from '../parts/later.tsx';
import type { DrawnSeries, HoveredPoint } from './graph.tsx';
import {
  graphSeries,
  greatestDifference,
  MOST_DRAWN,
  orderedSeries,
  timesOf,
  type GraphSeries,
} from './graph-data.ts';
import type { PictureHolder } from './draw-picture.ts';
import { Legend } from './legend.tsx';
import { Palette } from './palette.ts';
import type { PanelState } from './panel-state.ts';
import { originText, shardsText, type ShardStrips } from './provenance.ts';
import { askExemplars, runQuery, type Outcome } from './run-query.ts';

const Graph = later(async () => (await import('./graph.tsx')).Graph);

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

const NOTHING: readonly GraphSeries[] = [];

/** A graph with its legend, and below it where its samples come from. */
export function GraphView(props: Props) {
  const { panel, result, outcome, picture, explanation, strips, provenance, onChange } = props;
  const { span } = outcome;
  const palette = useRef(new Palette());
  const [isolated, setIsolated] = useState<string>();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const series = useMemo(() => graphSeries(result, span), [result, span]);
  const times = useMemo(() => timesOf(span), [span]);
  const compared = useCompared(panel, outcome);
  const exemplars = useExemplars(panel, outcome);
  const chosen = useMemo(() => chooseDrawn(series, isolated, hidden), [series, isolated, hidden]);
  // Lines that are stacked have no place of their own to compare.
  const beside = panel.isStacked ? NOTHING : (compared.value ?? NOTHING);
  const drawn = useMemo(
    () => withCompared(chosen, beside, (name) => palette.current.indexOf(name)),
    [chosen, beside],
  );
  const drawnNames = useMemo(() => new Set(chosen.map(({ name }) => name)), [chosen]);
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    picture.current = async () => {
      const canvas = holder.current?.querySelector('canvas');
      if (!canvas) return undefined;
      const { drawPicture } = await import('./draw-picture.ts');
      return drawPicture(
        canvas,
        outcome.expr,
        chosen.map(({ name }) => ({ name, colour: palette.current.indexOf(name) })),
      );
    };
    return () => {
      picture.current = undefined;
    };
  }, [chosen, outcome]);
  const missing = useMemo(
    () =>
      strips.flatMap(({ nobody }) => nobody).filter(({ start, end }) => end > span.start && start < span.end),
    [strips, span],
  );
  const histograms = series.filter(({ hasHistograms }) => hasHistograms).length;
  const tellOf = ({ series: { name }, time }: HoveredPoint): string | undefined =>
    explanation === undefined ? undefined : (originText(explanation, name, time) ?? shardsText(strips, time));
  return (
    <div class="stack-8" ref={holder}>
      <Graph
        times={times}
        drawn={drawn}
        isStacked={panel.isStacked}
        fromZero={panel.fromZero}
        isLog={panel.isLog}
        missing={missing}
        tellOf={tellOf}
        exemplars={exemplars.value}
        onZoom={(start, end) =>
          onChange({ range: Math.max(Math.round(end - start), 1), end: Math.round(end) })
        }
      />
      {exemplars.failure !== undefined && <FailureNotice failure={exemplars.failure} />}
      <Losses texts={exemplars.losses} />
      {provenance}
      {missing.length > 0 && (
        <p class="small is-missing">The graph is hatched where no replica of a shard has samples.</p>
      )}
      {compared.failure !== undefined && <FailureNotice failure={compared.failure} />}
      <Losses texts={compared.losses} />
      {compared.value !== undefined && compared.failure === undefined && (
        <Difference series={series} compared={compared.value} times={times} isDrawn={!panel.isStacked} />
      )}
      {histograms > 0 && (
        <p class="small muted">
          {plural(histograms, 'series', 'series')} of native histograms: the graph shows their counts; the
          table shows their buckets.
        </p>
      )}
      {drawnNames.size < series.length && isolated === undefined && (
        <p class="small muted">
          {countText(drawnNames.size)} of {countText(series.length)} series are drawn: those with the greatest
          values. A click in the legend draws any other.
        </p>
      )}
      <Legend
        series={series}
        drawn={drawnNames}
        colourOf={(name) => palette.current.indexOf(name)}
        isolated={isolated}
        onIsolate={setIsolated}
        onHide={(name) => setHidden(toggled(hidden, name))}
      />
    </div>
  );
}

function chooseDrawn(
  series: readonly GraphSeries[],
  isolated: string | undefined,
  hidden: ReadonlySet<string>,
): readonly GraphSeries[] {
  const alone = series.filter(({ name }) => name === isolated);
  if (alone.length > 0) return alone;
  const visible = series.filter(({ name }) => !hidden.has(name));
  return visible.length <= MOST_DRAWN ? visible : orderedSeries(visible, 'max').slice(0, MOST_DRAWN);
}

function withCompared(
  chosen: readonly GraphSeries[],
  compared: readonly GraphSeries[],
  colourOf: (name: string) => number,
): readonly DrawnSeries[] {
  const byName = new Map(compared.map((each) => [each.name, each]));
  return chosen.flatMap((series) => {
    const colour = colourOf(series.name);
    const other = byName.get(series.name);
    const line = { series, colour, isCompared: false };
    return other === undefined ? [line] : [line, { series: other, colour, isCompared: true }];
  });
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** The same query with the other way to treat replicas, or of one replica alone, over the same times. */
function useCompared(panel: PanelState, { span, expr }: Outcome) {
  const { compare } = panel;
  const { value, failure } = useLoad(
    compare === '' || compare === panel.dedup ? undefined : JSON.stringify([expr, span, compare]),
    async (signal) => {
      const { data, warnings } = (await runQuery({ ...panel, expr }, span, signal, compare)).answer;
      const series = data.resultType === 'matrix' ? graphSeries(data.result, span) : [];
      return { series, losses: warnings.slice(0, data.stats?.completeness.warnings ?? 0) };
    },
  );
  return { value: value?.series, losses: value?.losses ?? [], failure };
}

/** How many warnings of what was asked besides stand under a graph. */
const MOST_LOSSES = 5;

function Losses({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul class="small is-missing">
      {texts.slice(0, MOST_LOSSES).map((text) => (
        <li key={text}>{text}</li>
      ))}
      {texts.length > MOST_LOSSES && (
        <li>{plural(texts.length - MOST_LOSSES, 'more warning')} like these.</li>
      )}
    </ul>
  );
}

/** Exemplars of what the graph shows, where somebody wants them. */
function useExemplars(panel: PanelState, { span, expr }: Outcome) {
  const { value, failure } = useLoad(
    panel.showsExemplars ? JSON.stringify([expr, span, panel.dedup]) : undefined,
    (signal) => askExemplars({ ...panel, expr }, span, signal),
  );
  return { value: value?.data, losses: value?.warnings ?? [], failure };
}

function Difference({
  series,
  compared,
  times,
  isDrawn,
}: {
  readonly series: readonly GraphSeries[];
  readonly compared: readonly GraphSeries[];
  readonly times: Float64Array;
  readonly isDrawn: boolean;
}) {
  const worst = useMemo(() => greatestDifference(series, compared), [series, compared]);
  if (worst === undefined)
    return (
      <p class="small">The other answer has no series with the same labels, so the two cannot be compared.</p>
    );
  return (
    <p class="small">
      {worst.share === 0 ? (
        'Both answers are the same.'
      ) : (
        <>
          At most <strong>{percentText(worst.share)}</strong> apart
          {isDrawn ? ' (dashed, and shaded between)' : ' (not drawn, because lines are stacked)'}, at{' '}
          {timeText(times[worst.step]!)}.
        </>
      )}
    </p>
  );
}
