import { remark, type Annotation } from '../../model/annotations.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import type { NamedSample } from '../../model/named-sample.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { GatewayContext } from '../parts.ts';
import { NEWEST_BYTES, NewestSamples } from './newest-samples.ts';
import { observedRaw } from './observed-raw.ts';
import { matcherSetsOf, selectRaw } from './select-raw.ts';

export interface FederateQuery {
  /** A series must match one of them. */
  readonly selectors: readonly string[];
  /** Whether the caller's format has a form for a histogram. */
  readonly takes: (h: FloatHistogram) => boolean;
}

export interface Federation {
  /** Sorted by name, then by labels. */
  readonly samples: Iterable<NamedSample>;
  readonly annotations: readonly Annotation[];
}

/**
 * The newest sample of each series that is at most the lookback delta old, with its own time, as Prometheus federates
 * (web/federate.go). All is read before it resolves, so what is missing is known.
 */
export async function federate(
  parts: GatewayContext,
  scope: RequestScope,
  { selectors, takes }: FederateQuery,
): Promise<Federation> {
  const matcherSets = matcherSetsOf(selectors, parts.features);
  const maxTime = parts.clock.now();
  const lookback = parts.planning.lookbackDelta;
  const range = { minTime: maxTime - lookback, maxTime };
  return observedRaw(parts, scope, 'federate', matcherSets, range, async (bounded, running) => {
    const set = await selectRaw(parts, bounded, { matcherSets, ...range, lookback });
    bounded.budget.take(NEWEST_BYTES * set.series.length);
    running.enter('evaluate');
    const samples = new NewestSamples(set.series);
    await samples.read(range, takes, new Pacer(bounded));
    bounded.budget.take(samples.bytes);
    return { samples, annotations: [...set.annotations(), ...leftOut(samples)] };
  });
}

function leftOut({ leftOut: count }: NewestSamples): readonly Annotation[] {
  if (count === 0) return [];
  const message = `${count} series of native histograms are left out, for which this format has no form; ask for protobuf`;
  return [remark('warning', message)];
}
