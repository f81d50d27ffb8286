import type { Clock } from './clock.ts';
import { childOf, type TraceContext } from './trace-context.ts';

/** Calls of one request that are kept; further ones are counted. A query makes one for each of its selectors and endpoints. */
export const MOST_CALLS = 1000;

/** A call to an endpoint. Times are ms of the monotonic clock. */
export class EndpointCall {
  /** The id of the endpoint. */
  readonly endpoint: string;
  readonly began: number;
  /** The span of the call; undefined where nobody collects spans of the request. */
  readonly trace: TraceContext | undefined;
  readonly #clock: Clock;
  #series = 0;
  #bytes = 0;
  #ended: number | undefined;
  #failure: string | undefined;

  constructor(endpoint: string, clock: Clock, trace: TraceContext | undefined) {
    this.endpoint = endpoint;
    this.trace = trace;
    this.#clock = clock;
    this.began = clock.monotonic();
  }

  /** What came back to a call for samples; 0 for other calls. */
  get series(): number {
    return this.#series;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Undefined while it runs. */
  get ended(): number | undefined {
    return this.#ended;
  }

  /** The kind of the failure; undefined where there is none. */
  get failure(): string | undefined {
    return this.#failure;
  }

  received(series: number, bytes: number): void {
    this.#series += series;
    this.#bytes += bytes;
  }

  /** Calls after the first do nothing. */
  end(failure: string | undefined): void {
    if (this.#ended !== undefined) return;
    this.#ended = this.#clock.monotonic();
    this.#failure = failure;
  }
}

/** What a request does on its way down: whom it asks, and what comes back. For people who look on, and never for answers. */
export class RequestJournal {
  /** ms of the monotonic clock. */
  readonly began: number;
  readonly #clock: Clock;
  readonly #trace: TraceContext | undefined;
  readonly #calls: EndpointCall[] = [];
  #count = 0;

  /** @param trace in which calls are spans; undefined where nobody collects them. */
  constructor(clock: Clock, trace?: TraceContext) {
    this.#clock = clock;
    this.#trace = trace;
    this.began = clock.monotonic();
  }

  /** The first calls, by their beginning. */
  get calls(): readonly EndpointCall[] {
    return this.#calls;
  }

  /** Calls that were made but are not kept. */
  get notKept(): number {
    return this.#count - this.#calls.length;
  }

  /** A call begins. Whoever makes it says when it ends. */
  call(endpoint: string): EndpointCall {
    const call = new EndpointCall(endpoint, this.#clock, this.#trace && childOf(this.#trace));
    this.#count++;
    if (this.#calls.length < MOST_CALLS) this.#calls.push(call);
    return call;
  }

  /** What all kept calls received. */
  received(): { readonly series: number; readonly bytes: number } {
    let [series, bytes] = [0, 0];
    for (const call of this.#calls) {
      series += call.series;
      bytes += call.bytes;
    }
    return { series, bytes };
  }
}
