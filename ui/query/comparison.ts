import type { Failure } from '../api/ask.ts';
import { useLoad } from '../state/use-load.ts';
import type { DrawnSeries } from './graph.tsx';
import { graphSeries, type GraphSeries } from './graph-data.ts';
import type { PanelState } from './panel-state.ts';
import { runQuery, type Outcome } from './run-query.ts';

/** What a graph is compared with, as far as it is there. */
export interface Compared {
  readonly value: readonly GraphSeries[] | undefined;
  /** The same without the counts of histograms. */
  readonly floats: readonly GraphSeries[] | undefined;
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
      const result = data.resultType === 'matrix' ? data.result : [];
      const series = graphSeries(result, span);
      const floats = result.flatMap(({ metric, values }) =>
        values === undefined ? [] : [{ metric, values }],
      );
      return {
        series,
        floats: graphSeries(floats, span),
        losses: warnings.slice(0, data.stats?.completeness.warnings ?? 0),
      };
    },
  );
  return { value: value?.series, floats: value?.floats, losses: value?.losses ?? [], failure };
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
