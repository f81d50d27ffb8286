import type { QueryAnswer } from '../../src/engine/answer.ts';
import { type EngineOptions, evaluate } from '../../src/engine/evaluate.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { parse } from '../../src/promql/parse.ts';

/** The engine as the recorded server was set up: Prometheus' defaults and some features. */
const OPTIONS: EngineOptions = {
  lookbackDelta: 5 * 60_000,
  maxSamples: 50_000_000,
  features: new Set(['promql-experimental-functions', 'native-histograms', 'promql-duration-expr']),
  clock: SYSTEM_CLOCK,
  noStepSubqueryInterval: 60_000,
  perStepStats: false,
};

/** Times in ms since the epoch; step 0 for an instant query. */
export async function evaluateQuery(
  text: string,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
  source: SeriesSource,
): Promise<QueryAnswer> {
  const expr = parse(text, OPTIONS.features);
  const signal = new AbortController().signal;
  return evaluate({ text, expr, start, end, step }, source, OPTIONS, signal);
}
