import { withoutMetricIdentity } from '../../../model/labels.ts';
import { multiplyHistogram } from '../../../model/histogram/scale.ts';
import type { QueryContext } from '../../context.ts';
import { type Operator, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Pace } from '../../../model/pacer.ts';
import { computeInParts } from '../../row-parts.ts';

/** Unary minus, of vectors and scalars. */
export class Negate implements Operator {
  series: SeriesHeads = [];
  readonly #query: QueryContext;
  readonly #child: Operator;

  constructor(query: QueryContext, child: Operator) {
    this.#query = query;
    this.#child = child;
  }

  async open(): Promise<void> {
    await this.#child.open();
    const { delayNameRemoval, pacer } = this.#query;
    this.series = await pacer.map(this.#child.series, ({ labels }) => ({
      labels: delayNameRemoval ? labels : withoutMetricIdentity(labels),
      dropName: true,
    }));
  }

  next(row: StepRow): number {
    const index = this.#child.next(row);
    if (index >= 0) negate(row);
    return index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const index = await nextRow(this.#child, row, pace);
    if (index >= 0) await computeInParts([], row, pace, (_inputs, out) => negate(out));
    return index;
  }
}

function negate(row: StepRow): void {
  const { kind, v } = row;
  for (let step = 0; step < kind.length; step++) {
    if (kind[step] === StepKind.float) v[step] = -v[step]!;
    else if (kind[step] === StepKind.histogram)
      row.setHistogram(step, multiplyHistogram(row.h!.passing(step)!, -1));
  }
}
