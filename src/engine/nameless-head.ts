import { METRIC_IDENTITY, withoutMetricIdentity, type Labels } from '../model/labels.ts';
import { labelOf, metricNameOf, type SeriesHead } from './operator.ts';

/** A head without what its metric is. Its labels are made where somebody looks at them. */
export class NamelessHead implements SeriesHead {
  readonly dropName = true;
  readonly metricName = '';
  readonly #head: SeriesHead;
  #labels: Labels | undefined;

  constructor(head: SeriesHead) {
    this.#head = head;
  }

  get labels(): Labels {
    return (this.#labels ??= withoutMetricIdentity(this.#head.labels));
  }

  labelOf(name: string): string {
    return METRIC_IDENTITY.has(name) ? '' : labelOf(this.#head, name);
  }
}

/** A head whose name leaves at the end of the query. */
export class DelayedHead implements SeriesHead {
  readonly dropName = true;
  readonly #head: SeriesHead;

  constructor(head: SeriesHead) {
    this.#head = head;
  }

  get labels(): Labels {
    return this.#head.labels;
  }

  get metricName(): string {
    return metricNameOf(this.#head);
  }

  labelOf(name: string): string {
    return labelOf(this.#head, name);
  }
}
