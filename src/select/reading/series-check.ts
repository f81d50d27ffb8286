import type { Matcher } from '../../model/matcher.ts';
import { compileMatcher } from '../../promql/match/compile.ts';
import type { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { discard } from '../../wire/batch/growing.ts';

const Fate = { unknown: 0, elsewhere: 1, holds: 2, fails: 3 } as const;

/** One matcher, decided once for each label. */
interface Condition {
  readonly name: string;
  readonly holds: (value: string) => boolean;
  /** Whether series without the label match. */
  readonly holdsAbsent: boolean;
  /** By label id. */
  readonly fates: Uint8Array<ArrayBuffer>;
}

/**
 * Tells which series of an answer match all matchers of one of several sets. No labels are made of their ids: that takes several times
 * as long as all else that is done with a series until it is read.
 */
export class SeriesCheck {
  readonly #batch: SeriesBatch;
  readonly #alternatives: readonly (readonly Condition[])[];

  /** @param wanted alternatives. */
  constructor(batch: SeriesBatch, wanted: readonly (readonly Matcher[])[]) {
    this.#batch = batch;
    this.#alternatives = wanted.map((matchers) =>
      matchers.map((matcher) => {
        const holds = compileMatcher(matcher);
        const fates = new Uint8Array(batch.table.size);
        return { name: matcher.name, holds, holdsAbsent: holds(''), fates };
      }),
    );
  }

  accepts(index: number): boolean {
    return this.#alternatives.some((conditions) => conditions.every((each) => this.#meets(index, each)));
  }

  /** Frees what it decided; nothing may be asked afterwards. */
  seal(): void {
    for (const conditions of this.#alternatives) for (const { fates } of conditions) discard(fates);
  }

  #meets(index: number, condition: Condition): boolean {
    const { labelIds: ids } = this.#batch;
    let isThere = false;
    for (let at = this.#batch.labelStart(index), end = this.#batch.labelEnd(index); at < end; at++) {
      const id = ids[at]!;
      const fate = condition.fates[id]! || this.#decide(id, condition);
      // A series that has the label twice, which only a server that is broken or hostile sends, has to match with both.
      if (fate === Fate.fails) return false;
      if (fate === Fate.holds) isThere = true;
    }
    return isThere || condition.holdsAbsent;
  }

  #decide(id: number, { name, holds, fates }: Condition): number {
    const { table } = this.#batch;
    if (table.name(id) !== name) fates[id] = Fate.elsewhere;
    else fates[id] = holds(table.value(id)) ? Fate.holds : Fate.fails;
    return fates[id];
  }
}
