import { METRIC_NAME, pairsOf, type Labels } from '../../model/labels.ts';
import { LabelSets } from '../../wire/batch/label-sets.ts';
import { LabelTable } from '../../wire/batch/label-table.ts';
import type { SeriesBatch } from '../../wire/batch/series-batch.ts';

/** What becomes of a label of an answer. Kept ones have their id here, which is 0 or more. */
const UNSEEN = -3;
const DROPPED = -1;
/** The name of another metric: such a series was not asked for. */
const WRONG = -2;
/** What stands for the number of a series that is none of a target. */
export const NO_TARGET = -1;

/**
 * The targets of a replica group as numbers, so that those of its endpoints can be compared. A target is the label set of its
 * `up` series without the external labels of its endpoint and without replica labels.
 */
export class TargetTable {
  readonly #table = new LabelTable();
  readonly #sets = new LabelSets(this.#table, 0);
  readonly #replicaLabels: ReadonlySet<string>;

  constructor(replicaLabels: ReadonlySet<string>) {
    this.#replicaLabels = replicaLabels;
  }

  /** How many targets there are; their numbers are dense. */
  get size(): number {
    return this.#sets.length;
  }

  /** Memory that it takes, about. */
  get bytes(): number {
    return this.#table.bytes + this.#sets.bytes;
  }

  labels(target: number): Labels {
    return this.#sets.flat(target);
  }

  /** The value of a label of a target; empty where it has none. */
  value(target: number, name: string): string {
    return this.#sets.value(target, name);
  }

  /**
   * Tells the numbers of the targets of an answer by the index of their series, {@link NO_TARGET} where that is no `up`.
   * @param externalLabels of the endpoint that answered. A series' own other value under such a name is a part of the target.
   */
  numberer(batch: SeriesBatch, externalLabels: Labels): Numberer {
    const { table, labelIds } = batch;
    const external = new Map(pairsOf(externalLabels));
    const ids = new Int32Array(table.size).fill(UNSEEN);
    const adopt = (id: number): number => {
      const name = table.name(id);
      if (name === METRIC_NAME) return (ids[id] = table.value(id) === 'up' ? DROPPED : WRONG);
      const isDropped = this.#replicaLabels.has(name) || external.get(name) === table.value(id);
      return (ids[id] = isDropped ? DROPPED : this.#table.adopt(table, id));
    };
    return (index) => {
      let isWrong = false;
      for (let at = batch.labelStart(index); at < batch.labelEnd(index); at++) {
        const id = labelIds[at]!;
        const known = ids[id]!;
        const own = known === UNSEEN ? adopt(id) : known;
        if (own >= 0) this.#sets.push(own);
        else if (own === WRONG) isWrong = true;
      }
      if (!isWrong) return this.#sets.end();
      this.#sets.drop();
      return NO_TARGET;
    };
  }
}

export type Numberer = (index: number) => number;
