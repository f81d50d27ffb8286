import { useMemo } from 'preact/hooks';
import type { Failure } from '../api/ask.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { useLoad } from '../state/use-load.ts';
import { percentText } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import type { DrawnSeries } from './graph.tsx';
import { graphSeries, greatestDifference, type GraphSeries } from './graph-data.ts';
import { Losses } from './losses.tsx';
import type { PanelState } from './panel-state.ts';
import { runQuery, type Outcome } from './run-query.ts';

/** What a graph is compared with, as far as it is there. */
export interface Compared {
  readonly value: readonly GraphSeries[] | undefined;
  readonly losses: readonly string[];
  readonly failure: Failure | undefined;
}

/** The same query with the other way to treat replicas, or of one replica alone, over the same times. */
export function useCompared(panel: PanelState, { span, expr }: Outcome): Compared {
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

/** Each line, and that of the same series which it is compared with. */
export function withCompared(
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

/** How far two answers are apart, or why there is no second one. */
export function Comparison({
  series,
  compared: { value, losses, failure },
  times,
  how,
}: {
  readonly series: readonly GraphSeries[];
  readonly compared: Compared;
  readonly times: Float64Array;
  /** How the second answer is drawn, in words. */
  readonly how: string;
}) {
  return (
    <>
      {failure !== undefined && <FailureNotice failure={failure} />}
      <Losses texts={losses} />
      {value !== undefined && failure === undefined && (
        <Difference series={series} compared={value} times={times} how={how} />
      )}
    </>
  );
}

function Difference({
  series,
  compared,
  times,
  how,
}: {
  readonly series: readonly GraphSeries[];
  readonly compared: readonly GraphSeries[];
  readonly times: Float64Array;
  readonly how: string;
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
          At most <strong>{percentText(worst.share)}</strong> apart ({how}), at {timeText(times[worst.step]!)}
          .
        </>
      )}
    </p>
  );
}
