import type { RequestScope } from '../../model/request-scope.ts';
import type { GatewayContext } from '../parts.ts';
import { scopeKey, wantsFresh } from '../../model/scope-key.ts';
import { type AskedSteps, askedSteps, type KeepableQuery, type Unkept } from './asked-steps.ts';
import type { WantedSteps } from './results-cache.ts';
import { type View, viewOf } from './view.ts';

/** A run of kept steps that is a smaller part of what is asked for is not worth an evaluation on each side of it. */
const LEAST_PART = 1 / 8;

/** What a range query wants of the results that are kept, and of which endpoints these have to be. */
export interface Wanted {
  readonly kind: 'wanted';
  readonly asked: AskedSteps;
  readonly steps: WantedSteps;
  readonly view: View;
}

/** Nothing: its caller wants all of it evaluated (`around`), what is chosen among replicas depends on its range (`ranged`), or it is not kept. */
export interface NothingWanted {
  readonly kind: 'nothing';
  readonly because: 'around' | 'ranged' | Unkept;
}

/** What a query may take of what is kept, whether it is evaluated or explained. */
export function wantedSteps(
  parts: Pick<GatewayContext, 'results' | 'clock' | 'selection' | 'planning'>,
  scope: RequestScope,
  query: KeepableQuery,
): Wanted | NothingWanted {
  const { results, clock, planning, selection } = parts;
  if (query.isFresh === true || wantsFresh(scope)) return { kind: 'nothing', because: 'around' };
  if (!isOfItsTime(scope)) return { kind: 'nothing', because: 'ranged' };
  const view = viewOf(selection.topology());
  const unchanging = clock.now() - view.behindMs - results.settings.minFresh;
  const asked = askedSteps(query, planning, unchanging);
  if (typeof asked === 'string') return { kind: 'nothing', because: asked };
  const { text, step, lookbackDelta } = query;
  // Limits are held where samples are read, which may have been for another caller.
  const { values: limits } = scope.caller.limits;
  const key = scopeKey(scope, [text, asked.numbers.start, step, lookbackDelta, view.key, limits]);
  return { kind: 'wanted', asked, steps: { key, ...asked }, view };
}

/** Whether what is chosen among replicas at a time is the same whatever range is read. */
function isOfItsTime({ options: { replicas, dedupMode, maxSourceResolution } }: RequestScope): boolean {
  return maxSourceResolution === 0 && (dedupMode !== 'penalty' || replicas.mergedHere.size === 0);
}

/** Whether so many kept steps, one after the other, are used for what is asked for. */
export function isWorthwhile(keptSteps: number, { from, to }: AskedSteps): boolean {
  return keptSteps >= (to - from) * LEAST_PART;
}
