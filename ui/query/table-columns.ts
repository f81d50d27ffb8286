import type { LabelsJson } from '../../src/http/api/envelope.ts';

/** More columns are not read; the other labels share one. */
const MOST_COLUMNS = 8;

export interface Columns {
  /** What all series have, with the same value. */
  readonly shared: LabelsJson;
  readonly names: readonly string[];
  /** Whether there are labels besides. */
  readonly rest: boolean;
}

/** Which labels of series are columns: those that differ, those that most series have first. */
export function columnsOf(series: readonly LabelsJson[]): Columns {
  const counts = new Map<string, { count: number; readonly value: string; isSame: boolean }>();
  for (const labels of series)
    for (const [name, value] of Object.entries(labels)) {
      const known = counts.get(name);
      if (known === undefined) counts.set(name, { count: 1, value, isSame: true });
      else {
        known.count++;
        known.isSame &&= known.value === value;
      }
    }
  const isShared = ({ count, isSame }: { count: number; isSame: boolean }): boolean =>
    isSame && count === series.length && series.length > 1;
  const shared = Object.fromEntries(
    [...counts].filter(([, each]) => isShared(each)).map(([name, { value }]) => [name, value]),
  );
  const differing = [...counts]
    .filter(([, each]) => !isShared(each))
    .toSorted(([, a], [, b]) => b.count - a.count)
    .map(([name]) => name);
  return { shared, names: differing.slice(0, MOST_COLUMNS), rest: differing.length > MOST_COLUMNS };
}
