import { ProvenSeries } from '../../cluster/coverage/proven-series.ts';
import { NO_TARGET, type TargetTable } from '../../cluster/coverage/target-table.ts';
import type { Labels } from '../../model/labels.ts';
import type { LabelSets } from '../../wire/batch/label-sets.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';

/** Of label sets that nobody asked for yet; those of a target have its number + 1, others the size of the table then, below 0. */
const UNSEEN = 0;

/**
 * Which target each series belongs to. Label sets that come again answer by number, so that labels are looked at once; what is
 * known goes with them.
 */
export class SeriesTargets {
  readonly #bySets = new WeakMap<LabelSets, WeakMap<TargetTable, Int32Array>>();
  readonly #proven = new WeakMap<TargetTable, ProvenSeries>();

  /** The only target that the series at a position may be of; {@link NO_TARGET} where there is none, or several. */
  of(groups: Pick<SeriesGroups, 'sets' | 'setAt' | 'labels'>, position: number, table: TargetTable): number {
    const known = this.#columnOf(groups.sets, table);
    const set = groups.setAt(position);
    const value = known[set]!;
    if (value > 0) return value - 1;
    if (value === -1 - table.size) return NO_TARGET;
    const targets = this.#provenBy(table).targetsOf(groups.labels(position));
    // Where targets were added since, it may be one of those.
    known[set] = targets.length === 1 ? targets[0]! + 1 : -1 - table.size;
    return targets.length === 1 ? targets[0]! : NO_TARGET;
  }

  /** Whether a table has the target of an `up` series. */
  knows(up: Labels, table: TargetTable): boolean {
    return this.#provenBy(table).targetsOf(up).length > 0;
  }

  #provenBy(table: TargetTable): ProvenSeries {
    let proven = this.#proven.get(table);
    if (proven === undefined) this.#proven.set(table, (proven = new ProvenSeries(table)));
    return proven;
  }

  #columnOf(sets: LabelSets, table: TargetTable): Int32Array {
    let byTable = this.#bySets.get(sets);
    if (byTable === undefined) this.#bySets.set(sets, (byTable = new WeakMap()));
    let column = byTable.get(table);
    if (column === undefined) byTable.set(table, (column = new Int32Array(sets.length).fill(UNSEEN)));
    return column;
  }
}
