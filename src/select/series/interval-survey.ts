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

/** What one read shows of the intervals at each endpoint. */
export class IntervalSurvey {
  readonly #byEndpoint = new Map<EndpointId, SlowestIntervals>();

  /** Takes the interval of a series in ms; an infinite one says that it is not known. */
  saw(endpoint: EndpointId, interval: number): void {
    let seen = this.#byEndpoint.get(endpoint);
    if (seen === undefined) this.#byEndpoint.set(endpoint, (seen = new SlowestIntervals()));
    seen.add(interval);
  }

  /** Tells what was seen of endpoints that answered; those without series have none. Where nobody has any, there is nothing to tell. */
  *found(answered: Iterable<EndpointId>): Generator<readonly [EndpointId, number]> {
    if ([...this.#byEndpoint.values()].every(({ interval }) => interval === 0)) return;
    for (const id of answered) {
      const seen = this.#byEndpoint.get(id);
      if (seen === undefined) yield [id, 0];
      else if (seen.interval > 0) yield [id, seen.interval];
    }
  }
}
