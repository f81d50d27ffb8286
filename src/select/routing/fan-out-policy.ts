import { usualTime, type UsualTimes } from '../../cluster/vitals/usual-time.ts';

/**
 * Whom to ask and to wait for in one replica group: a pure function of what has happened so far. Replicas are numbers. Times are own
 * time since the request began, ms: without that in which this process was late.
 */
export interface FanOut {
  readonly facts: Facts;
  readonly phases: readonly Phase[];
  /** The answer that came last, of those that lack nothing. */
  readonly last: { readonly at: number; readonly bytes: number } | undefined;
  /** With how many answers it is being found out what would be lost without the rest; undefined while it is not. */
  readonly provingWith: number | undefined;
  /** With so many answers something would be lost without them, so more must come before that is asked again. */
  readonly refusedWith: number;
}

export interface Facts {
  readonly replicas: readonly ReplicaFacts[];
  /** Whether others may have all that one has, as far as it is known without looking at the request. */
  mayBeReplaced(lost: number, answered: readonly number[]): boolean;
}

export interface ReplicaFacts {
  /** It would not answer, so it is not asked. */
  readonly isKnownToFail: boolean;
  /** It was slow before or failed a request: others that have it all do not wait for it. */
  readonly isInDoubt: boolean;
  readonly usual: UsualTimes;
  /** How long the call to it went on before the request began to ask others, ms; 0 where it is left out. */
  readonly headStartMs?: number;
}

export type Phase =
  /** `sentAt` is undefined while it waits for a lane. `lookAt`: when its health is looked into. */
  | {
      readonly kind: 'waiting';
      readonly attempts: number;
      readonly sentAt?: number;
      readonly lookAt: number;
    }
  /** It failed, and is to be asked again. */
  | { readonly kind: 'pausing'; readonly attempts: number; readonly until: number }
  /** `lacking`: it has answered, and said that its answer lacks something, so no other one is given up for it. */
  | { readonly kind: 'answered' | 'lacking' | 'failed' | 'cut' };

export type FanOutEvent =
  | { readonly kind: 'sent'; readonly replica: number; readonly at: number }
  | { readonly kind: 'answered'; readonly replica: number; readonly at: number; readonly bytes: number }
  | { readonly kind: 'lacking'; readonly replica: number; readonly at: number }
  | {
      readonly kind: 'failed';
      readonly replica: number;
      readonly at: number;
      /** After this time the same call may succeed, ms; undefined where it would fail again, or may not be made. */
      readonly retryAfterMs?: number | undefined;
    }
  /** Of those that were waited for, nothing is lost without these. */
  | { readonly kind: 'proven'; readonly replicas: readonly number[]; readonly at: number }
  /** The request is over. Calls that run end by themselves. */
  | { readonly kind: 'canceled'; readonly at: number }
  | { readonly kind: 'time'; readonly at: number };

export type FanOutAction =
  | { readonly kind: 'ask'; readonly replica: number }
  /** Find out of which of these nothing is lost. */
  | { readonly kind: 'prove'; readonly replicas: readonly number[]; readonly answered: readonly number[] }
  /** Nothing is lost without it, so it is not waited for any more. */
  | { readonly kind: 'cut'; readonly replica: number }
  /** It has failed for good. */
  | { readonly kind: 'failed'; readonly replica: number }
  /** It takes long; whether it is well is worth a question. */
  | { readonly kind: 'look'; readonly replica: number }
  /** Nothing is to be done before something happens, or before this time; Infinity where time changes nothing. */
  | { readonly kind: 'wait'; readonly until: number }
  /** All have answered or failed, or were cut. Nothing comes after it. */
  | { readonly kind: 'done' };

export interface Decision {
  readonly state: FanOut;
  readonly actions: readonly FanOutAction[];
}

/** An endpoint is asked at most so many times. */
export const MOST_ATTEMPTS = 3;

/** A call that took longer than this until it failed is not made again: the next one would take as long; ms. */
export const LONGEST_REPEATED_MS = 10_000;

/** The health of one that has not answered is looked into after 1, 2, 4 … s, ms. */
export const FIRST_LOOK_MS = 1000;

/** Bounds of how long a replica is waited for whose siblings answered quickly, ms. */
export const LEAST_PATIENCE_MS = 100;
export const MOST_PATIENCE_MS = 750;
/** For one of which it is not known how long it takes, ms. */
export const FIRST_PATIENCE_MS = 500;

/** The beginning: all are asked but those that would not answer. */
export function beginFanOut(facts: Facts): Decision {
  const phases = facts.replicas.map(({ isKnownToFail }): Phase =>
    isKnownToFail ? { kind: 'failed' } : { kind: 'waiting', attempts: 1, lookAt: Infinity },
  );
  const asks = phases.flatMap(({ kind }, replica): readonly FanOutAction[] =>
    kind === 'waiting' ? [{ kind: 'ask', replica }] : [],
  );
  const begun: FanOut = { facts, phases, last: undefined, provingWith: undefined, refusedWith: 0 };
  const { state, actions } = decide(begun, 0);
  return { state, actions: [...asks, ...actions] };
}

/** What follows from an event. One that comes too late, for a replica that is settled, changes nothing. */
export function nextFanOut(before: FanOut, event: FanOutEvent): Decision {
  const after = seen(before, event);
  const given = after.phases.flatMap(({ kind }, replica): readonly FanOutAction[] => {
    if (kind === before.phases[replica]!.kind) return [];
    return kind === 'cut' || kind === 'failed' ? [{ kind, replica }] : [];
  });
  const { state, actions } = decide(after, event.at);
  return { state, actions: [...given, ...actions] };
}

function seen(state: FanOut, event: FanOutEvent): FanOut {
  if (event.kind === 'time') return state;
  if (event.kind === 'canceled')
    return {
      ...state,
      phases: state.phases.map((phase) => (phase.kind === 'pausing' ? { kind: 'failed' } : phase)),
    };
  if (event.kind === 'proven') return cutThose(state, new Set(event.replicas));
  const { replica, at } = event;
  const phase = state.phases[replica]!;
  if (phase.kind !== 'waiting') return state;
  switch (event.kind) {
    case 'sent':
      return inPhase(state, replica, { ...phase, sentAt: at, lookAt: at + FIRST_LOOK_MS });
    case 'answered': {
      const next = inPhase(state, replica, { kind: 'answered' });
      return { ...next, last: { at, bytes: event.bytes } };
    }
    case 'lacking':
      return inPhase(state, replica, { kind: 'lacking' });
    case 'failed': {
      const { retryAfterMs } = event;
      const { attempts, sentAt = at } = phase;
      if (retryAfterMs === undefined || attempts >= MOST_ATTEMPTS || at - sentAt > LONGEST_REPEATED_MS)
        return inPhase(state, replica, { kind: 'failed' });
      return inPhase(state, replica, {
        kind: 'pausing',
        attempts,
        until: at + retryAfterMs,
      });
    }
  }
}

/** What was proven for fewer answers holds for more. */
function cutThose(state: FanOut, proven: ReadonlySet<number>): FanOut {
  const { phases, provingWith = 0, refusedWith } = state;
  const isRefused = phases.some((phase, i) => isOpen(phase) && !proven.has(i));
  return {
    ...state,
    phases: phases.map((phase, i): Phase => (isOpen(phase) && proven.has(i) ? { kind: 'cut' } : phase)),
    provingWith: undefined,
    refusedWith: isRefused ? provingWith : refusedWith,
  };
}

function decide(state: FanOut, at: number): Decision {
  const actions: FanOutAction[] = [];
  let next = state;
  if (cutTime(next) <= at) {
    const answered = answeredOf(next.phases);
    actions.push({ kind: 'prove', replicas: openOf(next.phases), answered });
    next = { ...next, provingWith: answered.length };
  }
  next.phases.forEach((phase, replica) => {
    if (phase.kind === 'waiting' && phase.lookAt <= at) {
      actions.push({ kind: 'look', replica });
      next = inPhase(next, replica, { ...phase, lookAt: nextLook(phase.sentAt ?? at, at) });
    }
    // What nothing is lost without need not be asked again.
    if (phase.kind === 'pausing' && phase.until <= at && next.provingWith === undefined) {
      actions.push({ kind: 'ask', replica });
      next = inPhase(next, replica, { kind: 'waiting', attempts: phase.attempts + 1, lookAt: Infinity });
    }
  });
  if (openOf(next.phases).length === 0) actions.push({ kind: 'done' });
  else actions.push({ kind: 'wait', until: Math.min(cutTime(next), ...next.phases.map(wakeTime(next))) });
  return { state: next, actions };
}

/** When it is to be found out what would be lost without all that are still waited for; Infinity where they cannot be replaced. */
function cutTime({ facts, phases, last, provingWith, refusedWith }: FanOut): number {
  const answered = answeredOf(phases);
  if (provingWith !== undefined || last === undefined || answered.length <= refusedWith) return Infinity;
  const open = openOf(phases);
  if (open.length === 0 || !open.every((replica) => facts.mayBeReplaced(replica, answered))) return Infinity;
  return Math.max(...open.map((replica) => patience(facts.replicas[replica]!, phases[replica]!, last)));
}

/** Until when a replica is waited for that others may replace. */
function patience(
  { isInDoubt, usual, headStartMs = 0 }: ReplicaFacts,
  phase: Phase,
  { at, bytes }: { readonly at: number; readonly bytes: number },
): number {
  const isRetry = phase.kind === 'pausing' || (phase.kind === 'waiting' && phase.attempts > 1);
  if (isInDoubt || isRetry) return at;
  const known = usualTime(usual, bytes);
  const wanted =
    known === undefined ? FIRST_PATIENCE_MS : Math.max(2 * known.mean, known.mean + 4 * known.deviation);
  const patienceMs = Math.max(2 * at, LEAST_PATIENCE_MS, Math.min(wanted, MOST_PATIENCE_MS));
  return Math.max(at, patienceMs - headStartMs);
}

function wakeTime({ provingWith }: FanOut): (phase: Phase) => number {
  return (phase) => {
    if (phase.kind === 'waiting') return phase.lookAt;
    return phase.kind === 'pausing' && provingWith === undefined ? phase.until : Infinity;
  };
}

function nextLook(sentAt: number, at: number): number {
  let after = FIRST_LOOK_MS;
  while (sentAt + after <= at) after *= 2;
  return sentAt + after;
}

function inPhase(state: FanOut, replica: number, phase: Phase): FanOut {
  return { ...state, phases: state.phases.with(replica, phase) };
}

function isOpen({ kind }: Phase): boolean {
  return kind === 'waiting' || kind === 'pausing';
}

function openOf(phases: readonly Phase[]): readonly number[] {
  return phases.flatMap((phase, i) => (isOpen(phase) ? [i] : []));
}

function answeredOf(phases: readonly Phase[]): readonly number[] {
  return phases.flatMap(({ kind }, i) => (kind === 'answered' ? [i] : []));
}
