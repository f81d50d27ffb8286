import { METRIC_NAME, labelValue, pairsOf, valuesKey, type Labels } from '../../model/labels.ts';
import { TARGET_IDENTITY } from '../../model/target-identity.ts';
import type { TargetTable } from './target-table.ts';

/**
 * Tells of which targets a series may be. Only what a series shares with a scraped target is proven by the scrapes of that: its labels
 * must include all those of the target, `job` and `instance` among them. So these are of no target:
 * - results of recording rules: their names have a colon (Prometheus' rule for names), or they have lost `instance`;
 * - what was pushed or written from elsewhere, and series of exporters with `honor_labels`: their `job` and `instance` are those of
 *   no target, unless the `up` of that target came the same way. Then it has the same holes as they.
 *
 * A rule whose name has no colon and whose result keeps all labels of a target looks like a scraped series. It differs in its times:
 * all samples of a scrape have that of the sample of `up`. Whoever leaves out reads must compare them.
 */
export class ProvenSeries {
  readonly #targets: TargetTable;
  /** By job and instance. */
  readonly #byIdentity = new Map<string, number[]>();
  /** How many targets of the table were looked at. */
  #seen = 0;

  constructor(targets: TargetTable) {
    this.#targets = targets;
  }

  /**
   * The numbers of the targets that a series may be of; none where nothing is proven of it. Where there are several, it is whole
   * only where all of them are. Whether an endpoint scraped them is for its pieces to tell.
   * @param labels of the series without external labels and replica labels.
   */
  targetsOf(labels: Labels): readonly number[] {
    if (labelValue(labels, METRIC_NAME).includes(':')) return [];
    if (TARGET_IDENTITY.some((name) => labelValue(labels, name) === '')) return [];
    this.#learn();
    const candidates = this.#byIdentity.get(valuesKey(labels, TARGET_IDENTITY)) ?? [];
    return candidates.filter((target) =>
      [...pairsOf(this.#targets.labels(target))].every(([name, value]) => labelValue(labels, name) === value),
    );
  }

  #learn(): void {
    for (; this.#seen < this.#targets.size; this.#seen++) {
      const labels = this.#targets.labels(this.#seen);
      if (TARGET_IDENTITY.some((name) => labelValue(labels, name) === '')) continue;
      const key = valuesKey(labels, TARGET_IDENTITY);
      const known = this.#byIdentity.get(key);
      if (known === undefined) this.#byIdentity.set(key, [this.#seen]);
      else known.push(this.#seen);
    }
  }
}
