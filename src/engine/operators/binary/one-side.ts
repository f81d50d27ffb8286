import { QueryError } from '../../../model/errors.ts';
import { formatLabels } from '../../../model/format-labels.ts';
import type { VectorMatching } from '../../../promql/ast.ts';
import type { SeriesHead, SeriesHeads } from '../../operator.ts';
import type { Pacer } from '../../../model/pacer.ts';
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
  readonly #all: OneSeries[] = [];
  readonly #byGroup = new Map<number, OneSeries[]>();

  static async of(heads: SeriesHeads, groups: Int32Array, held: HeldRows, pacer: Pacer): Promise<OneSide> {
    const side = new OneSide();
    await pacer.forEach(held.rows, (row, i) => {
      const index = held.index[i]!;
      side.#add({ head: heads.at(index)!, group: groups[index]!, row });
    });
    return side;
  }

  get all(): readonly OneSeries[] {
    return this.#all;
  }

  #add(series: OneSeries): void {
    this.#all.push(series);
    const group = this.#byGroup.get(series.group);
    if (group === undefined) this.#byGroup.set(series.group, [series]);
    else group.push(series);
  }

  group(number: number): readonly OneSeries[] {
    return this.#byGroup.get(number) ?? [];
  }

  /** The first of the given steps at which a group has two values, -1 where there is none. */
  async firstDuplicateStep(isChecked: (step: number) => boolean, pacer: Pacer): Promise<number> {
    let first = -1;
    for (const group of this.#byGroup.values()) {
      if (group.length < 2) continue;
      const stepCount = first === -1 ? group[0]!.row.length : first;
      for (let step = 0; step < stepCount; step++) {
        if (pacer.due()) await pacer.breathe();
        if (!isChecked(step) || !isTwiceAt(group, step)) continue;
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

function isTwiceAt(group: readonly OneSeries[], step: number): boolean {
  let present = 0;
  for (const { row } of group) if (row.kind[step] !== StepKind.absent && ++present === 2) return true;
  return false;
}
