import { marginFor, toWholeWindows, withRoom } from '../../dedup/margin.ts';
import { SLOW_MS } from '../../dedup/window-length.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SelectionContext } from '../context.ts';
import type { RoutePlan } from '../routing/route.ts';
import { SlowestIntervals } from './interval-survey.ts';

/** How far beyond a request deduplication sees on both sides, so that its choices depend on no range. */
export interface Margin {
  readonly ms: number;
  /** Mean spacings of a series that need no second look, ms: with longer ones the margin may be too small. */
  readonly proven: number;
  readonly reason: MarginReason;
}

export type MarginReason =
  /** Nothing is deduplicated, or by a mode that sees no further. */
  | { readonly kind: 'none' }
  /** Enough for nearly all series. */
  | { readonly kind: 'usual' }
  /** Series that these matchers select were seen lately, the slowest of them scraped every so many ms. */
  | { readonly kind: 'seen'; readonly interval: number }
  /** What was read before shows that these series need it. */
  | { readonly kind: 'needed' };

export const NO_MARGIN: Margin = { ms: 0, proven: 0, reason: { kind: 'none' } };
export const USUAL_MARGIN: Margin = { ms: marginFor(), proven: SLOW_MS, reason: { kind: 'usual' } };

/** The margin of a second read, which shows what the first left open. */
export function neededMargin(ms: number): Margin {
  return { ms, proven: SLOW_MS, reason: { kind: 'needed' } };
}

/** Why this margin was read, for people. */
export function explainMargin({ reason }: Margin): string {
  switch (reason.kind) {
    case 'none':
      return 'the samples of the range are all that is needed';
    case 'usual':
      return 'the usual one, since it is not known how often these series are scraped';
    case 'seen':
      return `by what was seen lately: the slowest of these series is scraped every ${inSeconds(reason.interval)} s`;
    case 'needed':
      return 'by what a read before showed';
  }
}

function inSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** Whether choices among replicas are held to be the same whatever the range is. Downsampled data are chosen as they come. */
export function isExact({
  options: { dedupMode, maxSourceResolution },
}: Pick<RequestScope, 'options'>): boolean {
  return dedupMode === 'gap-aware' && maxSourceResolution === 0;
}

/**
 * The margin to read first: by the intervals that were seen lately, the usual one where a shard's are unknown. Slow
 * series get theirs at once where there are no others; else these would be read for hours, too.
 */
export function firstMargin(
  context: Pick<SelectionContext, 'sharers' | 'intervals'>,
  scope: Pick<RequestScope, 'options'>,
  matchers: readonly Matcher[],
  { shards }: RoutePlan,
): Margin {
  if (scope.options.dedupMode !== 'gap-aware') return NO_MARGIN;
  const concerned = shards.filter((shard) => holdsReplicas(context, scope, shard));
  if (concerned.length === 0) return NO_MARGIN;
  if (!isExact(scope)) return USUAL_MARGIN;
  const seen = new SlowestIntervals();
  for (const { routes } of concerned) {
    const known = routes
      .map(({ endpoint: { id } }) => context.intervals.intervalOf(id, matchers))
      .filter((interval) => interval !== undefined);
    // Replicas scrape the same targets, so one of them tells for the others.
    if (known.length === 0) return USUAL_MARGIN;
    for (const interval of known) seen.add(interval);
  }
  const interval = seen.interval;
  if (interval === 0) return USUAL_MARGIN;
  const longest = withRoom(interval);
  return { ms: marginFor(longest), proven: Math.min(longest, SLOW_MS), reason: { kind: 'seen', interval } };
}

/**
 * Whether a series of the shard may come more than once, so that deduplication has something to choose: from several
 * endpoints, from one that stands for several, from a store of old blocks, or one that is asked for old times, and the server
 * that wrote them, or where that was seen before: a server that all replicas write to, or shards that have series in common.
 */
function holdsReplicas(
  { sharers }: Pick<SelectionContext, 'sharers'>,
  { options }: Pick<RequestScope, 'options'>,
  { routes }: RoutePlan['shards'][number],
): boolean {
  const { mergedHere } = options.replicas;
  return (
    routes.length > 1 ||
    routes.some(
      ({ endpoint: { protocol, window, backend } }) =>
        protocol === 'store-api' || window?.max !== undefined || sharers.has(mergedHere, backend),
    )
  );
}

/** The range with a margin in ms on both sides, without the time that is still to come: of that nobody has samples. */
export function withMargin({ minTime, maxTime }: TimeRange, ms: number, now: number): TimeRange {
  if (ms === 0) return { minTime, maxTime };
  const whole = toWholeWindows({ minTime: minTime - ms, maxTime: maxTime + ms });
  return { minTime: whole.minTime, maxTime: Math.max(maxTime, Math.min(whole.maxTime, now)) };
}
