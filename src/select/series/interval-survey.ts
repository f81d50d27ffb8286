import type { EndpointId } from '../../cluster/endpoint-id.ts';
import { SLOW_MS } from '../../dedup/window-length.ts';

/** The interval to read for, of several: the slowest one, but a slow one only where all are. */
export class SlowestIntervals {
  #usual = 0;
  #slow = 0;

  /** Takes an interval in ms. */
  add(interval: number): void {
    if (interval <= SLOW_MS) this.#usual = Math.max(this.#usual, interval);
    else if (interval < Infinity) this.#slow = Math.max(this.#slow, interval);
  }

  /** ms; 0 where there was none. */
  get interval(): number {
    return this.#usual > 0 ? this.#usual : this.#slow;
  }
}

/** Of the spacings of a read so many are looked at, evenly spread over its series. */
const SAMPLED = 1000;

/** The spacing in ms that half of the series stay below; 0 stands for those of which it is not known. */
export function commonSpacing(spacings: Float64Array): number {
  const stride = Math.max(Math.ceil(spacings.length / SAMPLED), 1);
  const sampled: number[] = [];
  for (let i = 0; i < spacings.length; i += stride) if (spacings[i]! > 0) sampled.push(spacings[i]!);
  sampled.sort((a, b) => a - b);
  return sampled[sampled.length >> 1] ?? 0;
}

/** What one read shows of the intervals at each endpoint. */
export class IntervalSurvey {
  /** No mean is taken for a longer interval than this many ms: it may be that of samples with holes. */
  longestMean: number = Infinity;
  readonly #intervals = new Map<EndpointId, SlowestIntervals>();
  readonly #means = new Map<EndpointId, number>();

  /** Takes the interval of a series, ms. */
  saw(endpoint: EndpointId, interval: number): void {
    let seen = this.#intervals.get(endpoint);
    if (seen === undefined) this.#intervals.set(endpoint, (seen = new SlowestIntervals()));
    seen.add(interval);
  }

  /** Takes the mean spacing of the samples of a usual series in ms; an infinite one says that it is not known. */
  sawMean(endpoint: EndpointId, spacing: number): void {
    const known = this.#means.get(endpoint) ?? 0;
    if (spacing < Infinity) this.#means.set(endpoint, Math.max(known, spacing));
    else if (known === 0) this.#means.set(endpoint, 0);
  }

  /**
   * Tells the interval to read for at each endpoint that answered, ms; 0 at those without series. Where nobody has any,
   * there is nothing to tell.
   */
  found(answered: readonly EndpointId[]): readonly (readonly [EndpointId, number])[] {
    const found = answered.map((id) => [id, this.#intervalAt(id)] as const);
    if (found.every(([, interval]) => interval === 0)) return [];
    return found.filter(([id, interval]) => interval > 0 || !this.#means.has(id));
  }

  #intervalAt(endpoint: EndpointId): number {
    const slowest = new SlowestIntervals();
    slowest.add(Math.min(this.#means.get(endpoint) ?? 0, this.longestMean));
    slowest.add(this.#intervals.get(endpoint)?.interval ?? 0);
    return slowest.interval;
  }
}
