import { quote } from '../../model/quote.ts';

const UNITS: ReadonlyMap<string, { readonly rank: number; readonly ns: bigint }> = new Map(
  (
    [
      ['y', 365n * 86_400_000_000_000n],
      ['w', 7n * 86_400_000_000_000n],
      ['d', 86_400_000_000_000n],
      ['h', 3_600_000_000_000n],
      ['m', 60_000_000_000n],
      ['s', 1_000_000_000n],
      ['ms', 1_000_000n],
    ] as const
  ).map(([unit, ns], rank) => [unit, { rank, ns }]),
);
const MAX_NS = 2n ** 63n;
const MAX_UINT64 = 2n ** 64n;

export interface DurationProblem {
  readonly problem: string;
}

/** The ms of a duration token (`1h30m`), or what Prometheus says about it where units are wrong. */
export function parseDurationToken(text: string): number | DurationProblem {
  const invalid = { problem: `not a valid duration string: ${quote(text)}` };
  if (!/^\d/.test(text)) return invalid;
  let ns = 0n;
  let lastRank = -1;
  for (const [, digits, name] of text.matchAll(/(\d+)(\D+)/g)) {
    const count = BigInt(digits!);
    if (count >= MAX_UINT64) return invalid;
    const unit = UNITS.get(name!);
    if (unit === undefined) return { problem: `unknown unit ${quote(name!)} in duration ${quote(text)}` };
    if (unit.rank <= lastRank) return invalid;
    lastRank = unit.rank;
    ns += count * unit.ns;
    if (ns >= MAX_NS) return { problem: 'duration out of range' };
  }
  return Number(ns / 1_000_000n);
}
