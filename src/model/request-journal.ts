import type { Clock } from './clock.ts';
import { childOf, type TraceContext } from './trace-context.ts';

/** Calls of one request that are kept; further ones are counted. A query makes one for each of its selectors and endpoints. */
export const MOST_CALLS = 1000;

/** In their order: it waits, it asks endpoints for a list or for samples, it evaluates these, and its answer is sent. */
export type RequestStage = 'queue' | 'ask' | 'select' | 'evaluate' | 'send';

/** A stage that a request came through. Times are ms of the monotonic clock; one that goes on has no end yet. */
export interface StageTimes {
  readonly stage: RequestStage;
  readonly began: number;
  readonly ended: number;
  /** The span of the stage; undefined where nobody collects spans of the request. */
  readonly trace: TraceContext | undefined;
}

/** Stages that are kept: few requests ask for more than one list. */
const MOST_STAGES = 50;

/** What all calls of a request came to, those that are not kept included. */
export interface CallSums {
  /** Of samples, of calls that were answered. */
  readonly series: number;
  readonly bytes: number;
  readonly calls: number;
  /** Different endpoints that were asked. */
  readonly endpoints: number;
  /** Those of them that answered a call at least. */
  readonly answeredEndpoints: number;
}

class Sums implements CallSums {
  series = 0;
  bytes = 0;
  calls = 0;
  readonly #asked = new Set<string>();
  readonly #answered = new Set<string>();

  get endpoints(): number {
    return this.#asked.size;
  }

  get answeredEndpoints(): number {
    return this.#answered.size;
  }

  began(endpoint: string): void {
    this.calls++;
    this.#asked.add(endpoint);
  }

  received(series: number, bytes: number): void {
    this.series += series;
    this.bytes += bytes;
  }

  answered(endpoint: string): void {
    this.#answered.add(endpoint);
  }
}

/** A call to an endpoint. Times are ms of the monotonic clock. */
export class EndpointCall {
  /** The id of the endpoint. */
  readonly endpoint: string;
  readonly began: number;
  /** The span of the call; undefined where nobody collects spans of the request. */
  readonly trace: TraceContext | undefined;
  readonly #clock: Clock;
  readonly #sums: Sums;
  #series = 0;
  #bytes = 0;
  #ended: number | undefined;
  #failure: string | undefined;

  constructor(endpoint: string, clock: Clock, trace: TraceContext | undefined, sums: Sums = new Sums()) {
    this.endpoint = endpoint;
    this.trace = trace;
    this.#clock = clock;
    this.#sums = sums;
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
    this.#sums.received(series, bytes);
  }

  /** Calls after the first do nothing. */
  end(failure: string | undefined): void {
    if (this.#ended !== undefined) return;
    this.#ended = this.#clock.monotonic();
    this.#failure = failure;
    if (failure === undefined) this.#sums.answered(this.endpoint);
  }
}

/** What a request does on its way down: whom it asks, and what comes back. For people who look on, and never for answers. */
export class RequestJournal {
  /** When the request came, ms of the monotonic clock. */
  readonly began: number;
  /** How long ago the request came when this was begun, ms. */
  readonly waitedMs: number;
  /** ms since the epoch. */
  readonly startTime: number;
  readonly #clock: Clock;
  readonly #trace: TraceContext | undefined;
  /** The journal of which this one is a part. */
  readonly #whole: RequestJournal | undefined;
  /** So many calls are kept. */
  readonly #mostCalls: number;
  readonly #calls: EndpointCall[] = [];
  readonly #sums = new Sums();
  readonly #stages: Omit<StageTimes, 'ended'>[] = [];
  #count = 0;
  #ended: number | undefined;
  #failure: string | undefined;
  #notes: Readonly<Record<string, string | number>> = {};

  /**
   * @param trace in which calls are spans; undefined where nobody collects them.
   * @param waitedMs how long ago the request came.
   */
  constructor(
    clock: Clock,
    trace?: TraceContext,
    waitedMs = 0,
    { whole, mostCalls = MOST_CALLS }: { whole?: RequestJournal; mostCalls?: number } = {},
  ) {
    this.#clock = clock;
    this.#trace = trace;
    this.#whole = whole;
    this.#mostCalls = mostCalls;
    this.waitedMs = waitedMs;
    this.startTime = clock.now() - waitedMs;
    this.began = clock.monotonic() - waitedMs;
  }

  /** Whether somebody collects spans of the request. */
  get isTraced(): boolean {
    return this.#trace !== undefined;
  }

  /** ms of the monotonic clock; that of now while it goes on. */
  get ended(): number {
    return this.#ended ?? this.#clock.monotonic();
  }

  /** Why it failed; undefined where it did not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** What is to be told with its spans. */
  get notes(): Readonly<Record<string, string | number>> {
    return this.#notes;
  }

  /** A stage begins, and the one before is over. What the request waited for before counts to its first one. */
  enter(stage: RequestStage): void {
    if (this.#stages.length === MOST_STAGES) return;
    const trace = this.#trace && childOf(this.#trace);
    const waitedMs = this.#stages.length === 0 ? this.waitedMs : 0;
    this.#stages.push({ stage, began: this.#clock.monotonic() - waitedMs, trace });
  }

  /** The stages that it came through. */
  stages(): readonly StageTimes[] {
    return this.#stages.map((each, i) => ({ ...each, ended: this.#stages[i + 1]?.began ?? this.ended }));
  }

  note(notes: Readonly<Record<string, string | number>>): void {
    this.#notes = { ...this.#notes, ...notes };
  }

  fail(failure: string): void {
    this.#failure = failure;
  }

  /** Its answer was sent, or given up. Calls after the first do nothing. */
  end(): void {
    this.#ended ??= this.#clock.monotonic();
  }

  /** The first calls, by their beginning. */
  get calls(): readonly EndpointCall[] {
    return this.#calls;
  }

  /** Calls that were made but are not kept. */
  get notKept(): number {
    return this.#count - this.#calls.length;
  }

  /**
   * A journal for a part of the request. Its calls are those of this one, too.
   * @param mostCalls that it keeps.
   */
  part(mostCalls: number): RequestJournal {
    return new RequestJournal(this.#clock, this.#trace, 0, { whole: this, mostCalls });
  }

  /** A call begins. Whoever makes it says when it ends. */
  call(endpoint: string): EndpointCall {
    const call = this.#whole?.call(endpoint) ?? this.#begin(endpoint);
    this.#count++;
    if (this.#calls.length < this.#mostCalls) this.#calls.push(call);
    return call;
  }

  #begin(endpoint: string): EndpointCall {
    const parent = this.#stages.at(-1)?.trace ?? this.#trace;
    this.#sums.began(endpoint);
    return new EndpointCall(endpoint, this.#clock, parent && childOf(parent), this.#sums);
  }

  /** What all calls of the request came to. */
  get sums(): CallSums {
    return this.#whole?.sums ?? this.#sums;
  }
}
