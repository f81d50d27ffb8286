/**
 * What is held against one endpoint. Immutable; times are own time in ms: the monotonic clock without the time in which this
 * process was late.
 */
export interface Breaker {
  /**
   * `slow`: where others of its replica group have it all, nothing waits for it, but for a trial now and then. `open`: it hangs, and
   * is not asked.
   */
  readonly kind: 'closed' | 'slow' | 'open';
  /** How many times in a row it was too slow. */
  readonly cuts: number;
  /** When the next request may wait for it; Infinity unless it is slow. */
  readonly trialAt: number;
  /** What it was too slow for, bytes. */
  readonly cutBytes: number;
  /** Whether a look at its health goes on. */
  readonly isLookedAt: boolean;
  /** Since when looks at its health go unanswered and nothing else was heard of it; undefined where there is no such look. */
  readonly unheardSince: number | undefined;
}

/** What calls to an endpoint show. */
export type BreakerEvent =
  | { readonly kind: 'answered'; readonly at: number; readonly bytes: number }
  /** It sent an error, or refused a connection. */
  | { readonly kind: 'refused'; readonly at: number }
  /** It was cut off though it had its time; others answered with so many bytes. */
  | { readonly kind: 'cut'; readonly at: number; readonly bytes: number }
  /** A request may wait for it, to see whether it is still slow. */
  | { readonly kind: 'tried'; readonly at: number }
  /** The time of a call ran out, its connection broke, or its caller gave up. Or nothing was heard of it when it was asked for a sign of life. */
  | { readonly kind: 'unanswered'; readonly at: number }
  | { readonly kind: 'probe-began'; readonly at: number }
  | { readonly kind: 'probe-answered'; readonly at: number }
  /** As `unanswered` is for a call. */
  | { readonly kind: 'probe-unanswered'; readonly at: number }
  | { readonly kind: 'probe-failed'; readonly at: number };

export const CLOSED_BREAKER: Breaker = {
  kind: 'closed',
  cuts: 0,
  trialAt: Infinity,
  cutBytes: 0,
  isLookedAt: false,
  unheardSince: undefined,
};

/** Trials of a slow endpoint come after 1, 2, 4 … s, ms. */
const FIRST_TRIAL_MS = 1000;
const MOST_TRIAL_MS = 30_000;

/** A look at its health that takes longer was held up like the calls, ms. */
const HELD_UP_MS = 1000;

/**
 * One that leaves a look at its health unanswered for so long, and lets the time of a call run out or gives no sign of life, hangs, ms. A
 * call that takes long proves nothing: it may ask for much.
 */
export const HANGS_AFTER_MS = 3000;

/** What is held against an endpoint after something was seen of it. */
export function nextBreaker(breaker: Breaker, event: BreakerEvent): Breaker {
  const { at } = event;
  switch (event.kind) {
    case 'answered':
      return answered(heard(breaker, at), event.bytes);
    case 'refused':
      return heard(breaker, at);
    case 'cut': {
      const cuts = breaker.cuts + 1;
      const slow = { ...breaker, cuts, cutBytes: event.bytes, trialAt: at + trialDelay(cuts) };
      return breaker.kind === 'open' ? breaker : { ...slow, kind: 'slow' };
    }
    case 'tried':
      return breaker.kind === 'slow' ? { ...breaker, trialAt: at + trialDelay(breaker.cuts) } : breaker;
    case 'unanswered':
      return isSilent(breaker, at) ? { ...breaker, kind: 'open' } : breaker;
    case 'probe-began':
      return { ...breaker, isLookedAt: true, unheardSince: breaker.unheardSince ?? at };
    case 'probe-answered':
      return probeAnswered(breaker, at);
    case 'probe-unanswered':
      return { ...breaker, isLookedAt: false };
    case 'probe-failed':
      return { ...breaker, isLookedAt: false, unheardSince: undefined };
  }
}

/** Whether a request may wait for a slow endpoint, to see whether it still is. */
export function isTrialDue({ kind, trialAt }: Breaker, at: number): boolean {
  return kind === 'slow' && at >= trialAt;
}

function trialDelay(cuts: number): number {
  return Math.min(MOST_TRIAL_MS, FIRST_TRIAL_MS * 2 ** (cuts - 1));
}

function isSilent({ unheardSince }: Breaker, at: number): boolean {
  return unheardSince !== undefined && at - unheardSince >= HANGS_AFTER_MS;
}

/** One that answers does not hang. */
function heard(breaker: Breaker, at: number): Breaker {
  const { kind, isLookedAt } = breaker;
  if (kind === 'open') return CLOSED_BREAKER;
  return { ...breaker, unheardSince: isLookedAt ? at : undefined };
}

/** A small answer in time says little of an endpoint that was too slow for a large one; some of them do. */
function answered(breaker: Breaker, bytes: number): Breaker {
  if (breaker.kind !== 'slow') return breaker;
  if (2 * bytes < breaker.cutBytes) return { ...breaker, cutBytes: breaker.cutBytes / 2 };
  const { isLookedAt, unheardSince } = breaker;
  return { ...CLOSED_BREAKER, isLookedAt, unheardSince };
}

/** One that was frozen is tried at once. That of one which is merely slow says nothing: it is small. */
function probeAnswered(breaker: Breaker, at: number): Breaker {
  const { kind, unheardSince = at, trialAt } = breaker;
  if (kind === 'open') return CLOSED_BREAKER;
  const wasHeldUp = kind === 'slow' && at - unheardSince >= HELD_UP_MS;
  return {
    ...breaker,
    isLookedAt: false,
    unheardSince: undefined,
    trialAt: wasHeldUp ? Math.min(trialAt, at) : trialAt,
  };
}
