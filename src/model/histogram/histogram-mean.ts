import type { FloatHistogram } from './float-histogram.ts';
import { type AddOutcome, HistogramSum } from './histogram-sum.ts';
import { divideHistogram } from './scale.ts';

/**
 * A running mean of histograms: the compensated sum is divided at the end; once that sum would overflow, the mean
 * itself is carried on instead (Prometheus: `avg` and `avg_over_time`).
 */
export class HistogramMean {
  #state: HistogramSum;
  #summands = 1;
  #incremental = false;

  constructor(first: FloatHistogram) {
    this.#state = new HistogramSum(first);
  }

  /** Carries the mean of so many histograms on, of whose sum none has overflowed. */
  static resume(sum: HistogramSum, summands: number): HistogramMean {
    const mean = new HistogramMean(sum.value());
    mean.#state = sum;
    mean.#summands = summands;
    return mean;
  }

  get resetHintsCollide(): boolean {
    return this.#state.resetHintsCollide;
  }

  add(other: FloatHistogram): AddOutcome {
    this.#summands++;
    const n = this.#summands;
    if (!this.#incremental) {
      const attempt = this.#state.clone();
      const outcome = attempt.add(other);
      if (outcome === 'incompatible' || !attempt.hasOverflow()) {
        this.#state = attempt;
        return outcome;
      }
      this.#incremental = true;
      this.#state.divide(n - 1);
    }
    this.#state.multiply((n - 1) / n);
    return this.#state.add(divideHistogram(other, n));
  }

  /** The mean so far. */
  value(): FloatHistogram {
    const mean = this.#state.clone();
    if (!this.#incremental) mean.divide(this.#summands);
    return mean.value();
  }
}
