import type { LookupRequest } from '../../backend/backend.ts';
import { remark, type Annotation } from '../../model/annotations.ts';
import { limitOf, refusalBy } from '../../model/caller-limits.ts';
import type { Clock } from '../../model/clock.ts';
import { formatDuration } from '../../model/duration.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { MAX_TIME, MIN_TIME, type TimeRange } from '../../model/time-range.ts';

/** What functions look back over comes on top of the range that was asked for. It may be so much of a limit. */
const REACH = 0.1;

/** What a request asks for. Throws `too_large` for a range that is longer than its caller may read, or begins longer ago. */
export function requireRange({ caller: { limits } }: RequestScope, range: TimeRange, clock: Clock): void {
  check(limits, range, clock, 0, 0);
}

/**
 * The same for what one of its selectors reads of that, which may reach a little further back.
 * @param lookback of an instant vector, ms.
 */
export function requireReach(
  { caller: { limits } }: RequestScope,
  range: TimeRange,
  clock: Clock,
  lookback: number,
): void {
  check(limits, range, clock, REACH, lookback);
}

function check(
  limits: RequestScope['caller']['limits'],
  { minTime, maxTime }: TimeRange,
  clock: Clock,
  reach: number,
  lookback: number,
): void {
  const longest = limitOf(limits, 'max_range');
  if (maxTime - minTime > longest * (1 + reach) + lookback)
    throw refusalBy(
      limits,
      'max_range',
      `the request reads a range of ${inSeconds(maxTime - minTime)}; the limit is ${formatDuration(longest)}`,
      'ask for a shorter range',
    );
  const oldest = limitOf(limits, 'max_age');
  const age = clock.now() - minTime;
  if (age > oldest * (1 + reach) + lookback)
    throw refusalBy(
      limits,
      'max_age',
      `the request reads samples of ${inSeconds(age)} ago; the limit is ${formatDuration(oldest)}`,
      'ask for newer ones',
    );
}

/** Windows are open at one end, so a millisecond is missing from them. */
function inSeconds(ms: number): string {
  return formatDuration(Math.ceil(ms / 1000) * 1000);
}

/**
 * A list of all times becomes one of those that its caller may read, and says so. Throws as {@link requireRange} does where the
 * caller says from when, or until when and that is too long ago.
 */
export function limitedLookup(
  scope: RequestScope,
  request: LookupRequest,
  clock: Clock,
): { readonly request: LookupRequest; readonly notes: readonly Annotation[] } {
  const { limits } = scope.caller;
  const most = Math.min(limitOf(limits, 'max_range'), limitOf(limits, 'max_age'));
  if (most === Infinity) return { request, notes: [] };
  if (request.minTime > MIN_TIME) {
    const end = Math.max(request.minTime, Math.min(request.maxTime, clock.now()));
    requireRange(scope, { minTime: request.minTime, maxTime: end }, clock);
    return { request, notes: [] };
  }
  const end = request.maxTime === MAX_TIME ? clock.now() : request.maxTime;
  requireRange(scope, { minTime: end, maxTime: end }, clock);
  const ofRange = end - limitOf(limits, 'max_range');
  const minTime = Math.max(ofRange, clock.now() - limitOf(limits, 'max_age'));
  const note = `the list is of series since ${new Date(minTime).toISOString()}, as the limits of ${limits.whose} allow no more; give a start for others`;
  return { request: { ...request, minTime }, notes: [remark('info', note)] };
}
