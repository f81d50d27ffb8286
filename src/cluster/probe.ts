import type { Backend, BackendDescription } from '../backend/backend.ts';
import type { BackendFailure } from '../model/loss.ts';
import { METRIC_NAME, labelsKey, pairsOf, withoutLabels } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import { ownScope } from '../model/request-scope.ts';
import { success } from '../model/result.ts';
import type { Result } from '../model/result.ts';

/** What one refresh learnt about an endpoint. */
export interface Probe {
  readonly description: BackendDescription;
  /** Targets it scrapes, by key; undefined where there are none to compare or they could not be read. */
  readonly targets: Targets | undefined;
}

/** `up` series without external labels, by their key. */
export type Targets = ReadonlyMap<string, Labels>;

/** `up` series of the last minutes count: as long as Prometheus' own lookback. */
const TARGET_WINDOW_MS = 5 * 60_000;

/**
 * Asks an endpoint who it is and what it scrapes. Targets are its `up` series without its external labels, so that
 * they can be compared between replicas.
 * @param now ms since the epoch.
 */
export async function probeEndpoint(
  backend: Backend,
  now: number,
  signal: AbortSignal,
): Promise<Result<Probe, BackendFailure>> {
  const described = await backend.describe(signal);
  if (!described.ok) return described;
  const listed = await backend.series(ownScope(signal), {
    matcherSets: [[{ kind: '=', name: METRIC_NAME, value: 'up' }]],
    minTime: now - TARGET_WINDOW_MS,
    maxTime: now,
    limit: 0,
  });
  const { externalLabels, labelSets = [] } = described.value;
  return success({
    description: described.value,
    targets: listed.ok ? targetsOf(listed.value.items, [externalLabels, ...labelSets]) : undefined,
  });
}

/** A server that scrapes nothing, such as one that is written to or that serves old blocks, proves nothing. */
function targetsOf(series: readonly Labels[], external: readonly Labels[]): Targets | undefined {
  if (series.length === 0) return undefined;
  const names = new Set(external.flatMap((labels) => [...pairsOf(labels)].map(([name]) => name)));
  return new Map(
    series.map((each) => {
      const labels = withoutLabels(each, names);
      return [labelsKey(labels), labels];
    }),
  );
}
