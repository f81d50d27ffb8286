import type { Asked } from './clients.ts';

/** What became of a load; times in ms, NaN where nothing was asked. */
export interface Figures {
  readonly asked: number;
  readonly failures: number;
  readonly wrong: number;
  readonly warned: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Some of the reasons for failures and wrong answers. */
  readonly reasons: readonly string[];
}

const MOST_REASONS = 3;

export function figuresOf(all: readonly Asked[]): Figures {
  const times = all.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const reasons = new Set<string>();
  let [failures, wrong, warned] = [0, 0, 0];
  for (const { verdict } of all)
    switch (verdict.kind) {
      case 'right':
        if (verdict.isWarned) warned++;
        break;
      case 'failed':
        failures++;
        reasons.add(`failed: ${verdict.why}`);
        break;
      case 'wrong':
        wrong++;
        reasons.add(`wrong: ${verdict.why}`);
        break;
    }
  return {
    asked: all.length,
    failures,
    wrong,
    warned,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    worst: times.at(-1) ?? NaN,
    reasons: [...reasons].slice(0, MOST_REASONS),
  };
}

/** The value that so many of a hundred are not above. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
