import type { LabelsJson } from '../../src/http/api/envelope.ts';

export interface LabelRow {
  readonly label: string;
  /** How many there are. */
  readonly values: number;
  /** Those that most series have. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

/** What tells series apart: their labels, those with the fewest values first. */
export function labelTable(series: readonly LabelsJson[], mostValues: number): readonly LabelRow[] {
  const counts = new Map<string, Map<string, number>>();
  for (const labels of series)
    for (const [label, value] of Object.entries(labels)) {
      if (label === '__name__') continue;
      const values = counts.get(label) ?? new Map<string, number>();
      counts.set(label, values.set(value, (values.get(value) ?? 0) + 1));
    }
  return Array.from(counts, ([label, values]) => ({
    label,
    values: values.size,
    top: Array.from(values, ([value, count]) => ({ value, count }))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, mostValues),
  })).toSorted((a, b) => a.values - b.values);
}
