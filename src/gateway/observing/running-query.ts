import type { QueryStats } from '../../engine/answer.ts';
import type { ErrorKind } from '../../model/errors.ts';
import type { Loss } from '../../model/loss.ts';
import type { QueryFamily } from '../../model/query-family.ts';
import type { RequestStage, StageTimes } from '../../model/request-journal.ts';
import type { RequestScope } from '../../model/request-scope.ts';

/** In their order. Not each query comes through all of them. */
export type QueryStage = Exclude<RequestStage, 'ask'>;

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
  #stage: QueryStage = 'queue';
  #samples: () => number = () => 0;
  #end: QueryEnd | undefined;

  constructor(scope: RequestScope, asked: AskedQuery) {
    this.scope = scope;
    this.asked = asked;
    scope.journal.enter('queue');
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
    const { journal } = this.scope;
    return journal.ended - journal.began;
  }

  /** How long it waited for its turn, ms. */
  get queuedMs(): number {
    return this.stages()
      .filter(({ stage }) => stage === 'queue')
      .reduce((sum, { began, ended }) => sum + ended - began, 0);
  }

  enter(stage: QueryStage): void {
    this.#stage = stage;
    this.scope.journal.enter(stage);
  }

  /** It waits for its turn, as it does when it comes. */
  queues(): void {
    if (this.#stage !== 'queue') this.enter('queue');
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

  /** The stages that it came through. */
  stages(): readonly StageTimes[] {
    return this.scope.journal.stages();
  }
}
