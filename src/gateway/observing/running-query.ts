import type { QueryStats } from '../../engine/answer.ts';
import type { Clock } from '../../model/clock.ts';
import type { ErrorKind } from '../../model/errors.ts';
import type { Loss } from '../../model/loss.ts';
import type { RequestScope } from '../../model/request-scope.ts';

/** What asks endpoints for samples: queries, reads of a querier above, and explanations. */
export type QueryFamily = 'instant' | 'range' | 'series' | 'explain';

/** In their order. Not each query comes through all of them. */
export type QueryStage = 'queue' | 'select' | 'evaluate' | 'send';

/** What is asked; times in ms since the epoch. */
export interface AskedQuery {
  readonly family: QueryFamily;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** ms; 0 where there is one time alone. */
  readonly step: number;
}

/** How a query ended, before its answer was sent. */
export interface QueryEnd {
  /** Undefined where it was answered. */
  readonly error: ErrorKind | undefined;
  readonly message?: string | undefined;
  readonly stats?: QueryStats | undefined;
  readonly losses?: readonly Loss[] | undefined;
}

/** A query from its coming until its answer was sent: what people may know of it while it runs, and afterwards. */
export class RunningQuery {
  /** Ends when the query is canceled, too. */
  readonly scope: RequestScope;
  readonly asked: AskedQuery;
  /** ms since the epoch. */
  readonly startTime: number;
  readonly #clock: Clock;
  /** When each stage began, ms of the monotonic clock. */
  readonly #began = new Map<QueryStage, number>();
  #stage: QueryStage = 'queue';
  #samples: () => number = () => 0;
  #end: QueryEnd | undefined;
  #sent: number | undefined;

  constructor(scope: RequestScope, asked: AskedQuery, clock: Clock) {
    this.scope = scope;
    this.asked = asked;
    this.#clock = clock;
    this.startTime = clock.now();
    this.#began.set('queue', clock.monotonic());
  }

  get stage(): QueryStage {
    return this.#stage;
  }

  /** Undefined while it runs. */
  get end(): QueryEnd | undefined {
    return this.#end;
  }

  /** Samples that it looked at so far, summed over its steps. */
  get samples(): number {
    return this.#end?.stats?.totalQueryableSamples ?? this.#samples();
  }

  /** ms since it came, until its answer was sent. */
  get ageMs(): number {
    return this.#now() - this.#began.get('queue')!;
  }

  /** How long it waited for its turn, ms. */
  get queuedMs(): number {
    const began = this.#began.get('queue')!;
    return (this.#began.get('select') ?? this.#began.get('send') ?? this.#now()) - began;
  }

  enter(stage: QueryStage): void {
    this.#stage = stage;
    this.#began.set(stage, this.#clock.monotonic());
  }

  /** It has all that it selects. `samples` tells how many it looked at so far. */
  evaluates(samples: () => number): void {
    this.#samples = samples;
    this.enter('evaluate');
  }

  finish(end: QueryEnd): void {
    this.#end = end;
    this.#samples = () => 0;
    this.enter('send');
  }

  /** Its answer was sent, or given up. */
  wasSent(): void {
    this.#sent = this.#clock.monotonic();
  }

  /** The stages that it came through, with their beginning and end, ms of the monotonic clock. */
  stages(): readonly { readonly stage: QueryStage; readonly began: number; readonly ended: number }[] {
    const all = [...this.#began];
    return all.map(([stage, began], i) => ({ stage, began, ended: all[i + 1]?.[1] ?? this.#now() }));
  }

  #now(): number {
    return this.#sent ?? this.#clock.monotonic();
  }
}
