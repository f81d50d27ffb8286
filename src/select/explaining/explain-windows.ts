import type { DedupTrace } from '../../dedup/trace.ts';
import type { ReasonCount, WindowExplanation } from './explanation.ts';

/** One decision of deduplication, as it was told. */
interface Decision {
  readonly start: number;
  readonly end: number;
  /** The replica's full name. */
  readonly name: string;
  /** ms; undefined where nothing was weighed. */
  readonly penalty: number | undefined;
  readonly reason: string;
}

/** Keeps the decisions on one series for as long as it is explained. */
export class DecisionLog implements DedupTrace {
  readonly decisions: Decision[] = [];
  readonly #now: number;

  /** @param now ms: what comes later nobody can miss yet, though it is a part of the newest window. */
  constructor(now: number) {
    this.#now = now;
  }

  window(start: number, end: number, name: string, penalty: number, reason: string): void {
    const missed = Math.max(0, penalty - Math.max(0, end - this.#now));
    this.decisions.push({ start, end, name, penalty: missed, reason });
  }

  clear(): void {
    this.decisions.length = 0;
  }
}

/** Most reasons to tell apart in a summary; the rest is counted together. */
const MOST_REASONS = 20;

/** Counts why windows went to their replica. */
export class ReasonCounter {
  readonly #counts = new Map<string, number>();

  add({ reason, windows }: WindowExplanation): void {
    const kind = reason.replace(/ \d+ scrapes?$/, ' scrapes');
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + windows);
  }

  /** The most frequent first. */
  list(): readonly ReasonCount[] {
    const all = [...this.#counts]
      .map(([reason, windows]) => ({ reason, windows }))
      .sort((a, b) => b.windows - a.windows || (a.reason < b.reason ? -1 : 1));
    if (all.length <= MOST_REASONS) return all;
    const others = all.slice(MOST_REASONS).reduce((sum, { windows }) => sum + windows, 0);
    return [...all.slice(0, MOST_REASONS), { reason: 'other reasons', windows: others }];
  }
}

/**
 * The decisions on windows that overlap [minTime, maxTime] (ms, inclusive), with replicas by the names that people know.
 * Adjacent windows with the same choice and reason become one.
 */
export function mergeDecisions(
  decisions: readonly Decision[],
  { minTime, maxTime }: { readonly minTime: number; readonly maxTime: number },
  displayNames: ReadonlyMap<string, string>,
): readonly WindowExplanation[] {
  const merged: WindowExplanation[] = [];
  for (const { start, end, name, penalty, reason: told } of decisions) {
    if (end <= minTime || start > maxTime) continue;
    const replica = displayNames.get(name) ?? name;
    const reason = withDisplayNames(told, displayNames);
    const last = merged.at(-1);
    if (last?.end === start && last.replica === replica && last.reason === reason)
      merged[merged.length - 1] = {
        ...last,
        end,
        penaltyMs: penalty === undefined ? undefined : penalty + (last.penaltyMs ?? 0),
        windows: last.windows + 1,
      };
    else merged.push({ start, end, replica, reason, penaltyMs: penalty, windows: 1 });
  }
  return merged;
}

/** A name may be a part of another one, so the longest goes first. */
function withDisplayNames(reason: string, displayNames: ReadonlyMap<string, string>): string {
  const names = [...displayNames].sort(([a], [b]) => b.length - a.length);
  const found = names.find(([name]) => reason.includes(name));
  return found === undefined ? reason : reason.replace(found[0], () => found[1]);
}
