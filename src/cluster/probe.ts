import type { Answered, EndpointItems } from '../backend/answered.ts';
import type { Backend, BackendDescription } from '../backend/backend.ts';
import type { CallLateness } from '../model/call-lateness.ts';
import { METRIC_NAME, labelsKey, pairsOf, withoutLabels } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import { ownCall } from '../model/request-scope.ts';
import { success } from '../model/result.ts';
import { isTurnUsedUp, nextTurn } from '../model/turns.ts';

/** What one refresh learnt about an endpoint. */
export interface Probe {
  readonly description: BackendDescription;
  readonly targets: Targets;
}

/** What an endpoint scrapes. */
export type Targets =
  /** Its `up` series without external labels, by their key; there is at least one. */
  | { readonly kind: 'listed'; readonly byKey: ReadonlyMap<string, Labels> }
  /** The same, but cut off: which of them came is up to the server, so that they cannot be compared. */
  | { readonly kind: 'too-many'; readonly byKey: ReadonlyMap<string, Labels> }
  /** It scrapes nothing, such as a server that is written to, or the list did not come whole. Nothing follows from that. */
  | { readonly kind: 'unknown' };

/** `up` series of the last minutes count: as long as Prometheus' own lookback. */
const TARGET_WINDOW_MS = 5 * 60_000;
/** So many targets of an endpoint are compared with those of its siblings. */
export const MOST_TARGETS = 20_000;
/** How many targets pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * Asks an endpoint what it is and what it scrapes. Targets are its `up` series without its external labels, so that
 * they can be compared between replicas.
 * @param now ms since the epoch.
 * @param reading is told of the parts of its answers.
 */
export async function probeEndpoint(
  backend: Backend,
  now: number,
  signal: AbortSignal,
  reading?: CallLateness,
): Answered<Probe> {
  const described = await backend.describe(signal);
  if (!described.ok) return described;
  const { externalLabels, labelSets = [] } = described.value;
  const targets = await ownCall(signal, async (scope): Promise<Targets> => {
    const listed = await backend.series(
      { ...scope, reading },
      {
        matcherSets: [[{ kind: '=', name: METRIC_NAME, value: 'up' }]],
        minTime: now - TARGET_WINDOW_MS,
        maxTime: now,
        // One more shows that there are more.
        limit: MOST_TARGETS + 1,
      },
    );
    return listed.ok ? targetsOf(listed.value, [externalLabels, ...labelSets]) : { kind: 'unknown' };
  });
  return success({ description: described.value, targets });
}

async function targetsOf(
  { items, annotations }: EndpointItems<Labels>,
  external: readonly Labels[],
): Promise<Targets> {
  const isCut = items.length > MOST_TARGETS;
  const isWhole = annotations.every(({ kind }) => kind === 'remark');
  if (items.length === 0 || !(isCut || isWhole)) return { kind: 'unknown' };
  const names = new Set(external.flatMap((labels) => [...pairsOf(labels)].map(([name]) => name)));
  const byKey = new Map<string, Labels>();
  const count = Math.min(items.length, MOST_TARGETS);
  for (let i = 0; i < count; i++) {
    const labels = withoutLabels(items.at(i)!, names);
    byKey.set(labelsKey(labels), labels);
    if (i % LOOK_EVERY === 0 && isTurnUsedUp()) await nextTurn();
  }
  return { kind: isCut ? 'too-many' : 'listed', byKey };
}
