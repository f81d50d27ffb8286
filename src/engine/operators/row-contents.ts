import { histogramSizeAt } from '../histogram-size.ts';
import { StepKind, type StepRow } from '../step-row.ts';

/** How many steps of a row hold something; a histogram counts by its size. */
export function countPresent(row: StepRow): number {
  const { kind, h } = row;
  let present = 0;
  if (h === undefined) {
    // The kind of a float is 1, and that of nothing is 0.
    for (let step = 0; step < kind.length; step++) present += kind[step]!;
    return present;
  }
  for (let step = 0; step < kind.length; step++) {
    if (kind[step] === StepKind.float) present++;
    else if (kind[step] === StepKind.histogram) present += histogramSizeAt(h, step);
  }
  return present;
}

export function isEmpty(row: StepRow): boolean {
  return !row.kind.includes(StepKind.float) && !row.kind.includes(StepKind.histogram);
}
