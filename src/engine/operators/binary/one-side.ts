import { QueryError } from '../../../model/errors.ts';
import { formatLabels } from '../../../model/format-labels.ts';
import type { VectorMatching } from '../../../promql/ast.ts';
import type { SeriesHead } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { HeldRows } from '../shape/held-rows.ts';
import { matchLabels } from './result-labels.ts';

/** A series of the one side with its values. */
export interface OneSeries {
  readonly head: SeriesHead;
  readonly group: number;
  readonly row: StepRow;
}

/** The side of a match on which each group may have one value a step, held in memory. */
export class OneSide {
  readonly all: readonly OneSeries[];
  readonly #byGroup = new Map<number, OneSeries[]>();

  constructor(heads: readonly SeriesHead[], groups: Int32Array, held: HeldRows) {
    this.all = held.rows.map((row, i) => {
      const index = held.index[i]!;
      return { head: heads[index]!, group: groups[index]!, row };
    });
    for (const series of this.all) {
      const group = this.#byGroup.get(series.group);
      if (group === undefined) this.#byGroup.set(series.group, [series]);
      else group.push(series);
    }
  }

  group(number: number): readonly OneSeries[] {
    return this.#byGroup.get(number) ?? [];
  }

  /** The first of the given steps at which a group has two values, -1 where there is none. */
  firstDuplicateStep(isChecked: (step: number) => boolean): number {
    let first = -1;
    for (const group of this.#byGroup.values()) {
      if (group.length < 2) continue;
      const stepCount = first === -1 ? group[0]!.row.length : first;
      for (let step = 0; step < stepCount; step++) {
        if (!isChecked(step) || presentAt(group, step) < 2) continue;
        first = step;
        break;
      }
    }
    return first;
  }

  /** The error that Prometheus gives for two values of a group at a step. */
  duplicateError(step: number, matching: VectorMatching): QueryError {
    const seen = new Map<number, OneSeries>();
    for (const series of this.all) {
      if (series.row.kind[step] === StepKind.absent) continue;
      const other = seen.get(series.group);
      if (other === undefined) {
        seen.set(series.group, series);
        continue;
      }
      const side = matching.cardinality === 'one-to-many' ? 'left' : 'right';
      const { labels } = series.head;
      return new QueryError(
        'execution',
        `found duplicate series for the match group ${formatLabels(matchLabels(matching, labels))} ` +
          `on the ${side} hand-side of the operation: ` +
          `[${formatLabels(labels)}, ${formatLabels(other.head.labels)}]` +
          ';many-to-many matching not allowed: matching labels must be unique on one side',
      );
    }
    return new QueryError('internal', 'BUG: no duplicate where one was found');
  }
}

function presentAt(group: readonly OneSeries[], step: number): number {
  let present = 0;
  for (const { row } of group) if (row.kind[step] !== StepKind.absent) present++;
  return present;
}
