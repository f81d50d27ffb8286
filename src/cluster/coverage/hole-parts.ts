import type { ListedHole } from './hole-list.ts';
import type { Span, TargetHole } from './target-holes.ts';

/** Parts of one hole that are so close, in intervals, are one. */
const BESIDE_INTERVALS = 1.5;

/** A part of the hole of one target, and by position the replicas that have all of it; ascending. */
export interface HeldPart extends ListedHole {
  readonly heldBy: readonly number[];
}

/** The part of a hole that lies within a span. Why there is nothing in it may be another reason than that of the whole. */
export function partOf(hole: TargetHole, span: Span): ListedHole {
  const { from, to } = within(hole, span);
  const away = hole.unasked
    .filter(({ isAway }) => isAway)
    .map((time) => within(time, { from, to }))
    .reduce((sum, time) => sum + Math.max(0, time.to - time.from), 0);
  const isAway = hole.kind === 'away' && (hole.failed === undefined || away > (to - from) / 2);
  const kind = hole.kind === 'away' && !isAway ? 'failed' : hole.kind;
  return { from, to, kind, interval: hole.interval };
}

/** The parts of a common hole in which no replica even tried, though one of them would have. */
export function awayParts(hole: TargetHole, span: Span): readonly ListedHole[] {
  const { interval } = hole;
  return hole.unasked
    .filter(({ isAway }) => isAway)
    .map((time) => ({ ...within(within(time, hole), span), kind: 'away' as const, interval }))
    .filter(isTime);
}

/** The parts of a common hole in which some replica tried in vain, without the others; ascending. */
export function failedParts(
  { from, to, interval, failed }: TargetHole,
  others: readonly ListedHole[],
  span: Span,
): readonly ListedHole[] {
  if (failed === undefined) return [];
  const around = { from: failed.from - interval, to: failed.to + interval };
  const whole = within(within({ from, to }, around), span);
  return gapsBetween(others, whole)
    .map((part) => ({ ...part, kind: 'failed' as const, interval }))
    .filter((part) => part.to - part.from > interval);
}

/** What is left of a span without some others, which are ascending. */
export function gapsBetween(others: readonly Span[], { from, to }: Span): readonly Span[] {
  const gaps: Span[] = [];
  let at = from;
  for (const other of others) {
    if (other.to <= at) continue;
    if (other.from >= to) break;
    if (other.from > at) gaps.push({ from: at, to: other.from });
    at = other.to;
  }
  if (at < to) gaps.push({ from: at, to });
  return gaps;
}

/** Makes one part of those that replicas have of the same time. */
export function shared(parts: readonly HeldPart[]): readonly HeldPart[] {
  const all: HeldPart[] = [];
  for (const part of parts) {
    const apart = BESIDE_INTERVALS * part.interval;
    const i = all.findIndex(
      ({ from, to, kind }) =>
        kind === part.kind && Math.abs(from - part.from) <= apart && Math.abs(to - part.to) <= apart,
    );
    const same = all[i];
    if (same === undefined) all.push(part);
    else all[i] = { ...around(same, part), heldBy: [...same.heldBy, ...part.heldBy] };
  }
  return all;
}

/** Makes one of parts that overlap, or lie side by side, for the same reason; ascending. */
export function joined(parts: readonly ListedHole[]): readonly ListedHole[] {
  const all: ListedHole[] = [];
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    const i = all.findLastIndex(
      ({ to, kind }) => kind === part.kind && part.from - to <= BESIDE_INTERVALS * part.interval,
    );
    const before = all[i];
    if (before === undefined) all.push(part);
    else all[i] = around(before, part);
  }
  return all;
}

function around<T extends ListedHole>(a: T, b: ListedHole): T {
  const interval = Math.max(a.interval, b.interval);
  return { ...a, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to), interval };
}

function within(a: Span, b: Span): Span {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

function isTime({ from, to }: Span): boolean {
  return to > from;
}
