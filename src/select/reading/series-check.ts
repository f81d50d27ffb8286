import type { Matcher } from '../../model/matcher.ts';
import { compileMatcher } from '../../promql/match/compile.ts';
import { withRoom } from '../../wire/batch/growing.ts';
import type { LabelTable } from '../../wire/batch/label-table.ts';

/** Whether the name of a label is that of a matcher. */
const IsNamed = { unknown: 0, no: 1, yes: 2 } as const;

/** One matcher. */
interface Condition {
  readonly name: string;
  readonly holds: (value: string) => boolean;
  /** Whether series without the label match. */
  readonly holdsAbsent: boolean;
  /** By number of a label's name. */
  named: Uint8Array<ArrayBuffer>;
  /** The label that was looked at last, and whether it matches: series that follow each other mostly have the same. */
  lastId: number;
  lastHolds: boolean;
}

/**
 * Tells which series match all matchers of one of several sets. No labels are made of their ids: that takes several times
 * as long as all else that is done with a series until it is read.
 */
export class SeriesCheck {
  readonly #table: LabelTable;
  readonly #alternatives: readonly (readonly Condition[])[];

  /**
   * @param table that the ids of labels are of. It may grow.
   * @param wanted alternatives.
   */
  constructor(table: LabelTable, wanted: readonly (readonly Matcher[])[]) {
    this.#table = table;
    this.#alternatives = wanted.map((matchers) =>
      matchers.map((matcher) => {
        const holds = compileMatcher(matcher);
        const named = new Uint8Array(0);
        return { name: matcher.name, holds, holdsAbsent: holds(''), named, lastId: -1, lastHolds: false };
      }),
    );
  }

  /** Whether the series whose label ids stand at [from, to) matches. */
  accepts(ids: Int32Array, from: number, to: number): boolean {
    return this.#alternatives.some((conditions) =>
      conditions.every((each) => this.#meets(each, ids, from, to)),
    );
  }

  #meets(condition: Condition, ids: Int32Array, from: number, to: number): boolean {
    let isThere = false;
    for (let at = from; at < to; at++) {
      const id = ids[at]!;
      const number = this.#table.nameNumber(id);
      const named = condition.named[number] || this.#decide(condition, number, this.#table.name(id));
      if (named === IsNamed.no) continue;
      // A series that has the label twice, which only a server that is broken or hostile sends, has to match with both.
      if (!this.#holds(condition, id)) return false;
      isThere = true;
    }
    return isThere || condition.holdsAbsent;
  }

  #decide(condition: Condition, number: number, name: string): number {
    const named = name === condition.name ? IsNamed.yes : IsNamed.no;
    condition.named = withRoom(condition.named, number + 1);
    condition.named[number] = named;
    return named;
  }

  #holds(condition: Condition, id: number): boolean {
    if (id !== condition.lastId) {
      condition.lastHolds = condition.holds(this.#table.value(id));
      condition.lastId = id;
    }
    return condition.lastHolds;
  }
}
