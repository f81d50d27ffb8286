import { METRIC_NAME, labelsKey, valuesKey, withoutLabels, type Labels } from '../../../model/labels.ts';
import type { VectorMatching } from '../../../promql/ast.ts';
import type { SeriesHeads } from '../../operator.ts';
import type { Pacer } from '../../../model/pacer.ts';

/** Numbers the match groups of a binary operation: series of both sides with equal matching labels share a number. */
export class Signatures {
  readonly #keyOf: (labels: Labels) => string;
  readonly #numbers = new Map<string, number>();

  constructor({ on, labels }: VectorMatching) {
    if (on) {
      this.#keyOf = (series) => valuesKey(series, labels);
    } else {
      const ignored = new Set([METRIC_NAME, ...labels]);
      this.#keyOf = (series) => labelsKey(withoutLabels(series, ignored));
    }
  }

  /** The group of each series. */
  async number(heads: SeriesHeads, pacer: Pacer): Promise<Int32Array> {
    const groups = new Int32Array(heads.length);
    await pacer.forEach(heads, ({ labels }, i) => {
      groups[i] = this.#numberOf(this.#keyOf(labels));
    });
    return groups;
  }

  #numberOf(key: string): number {
    const known = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, known);
    return known;
  }
}
