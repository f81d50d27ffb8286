import { QueryError } from '../../model/errors.ts';
import { withSignal, type RequestScope } from '../../model/request-scope.ts';
import { RunningQuery, type AskedQuery } from './running-query.ts';

interface Entry {
  readonly query: RunningQuery;
  readonly controller: AbortController;
}

/**
 * The queries that wait, run, or have an answer that is being sent. There are as many as the gateway lets in, so their number is
 * bounded by that.
 */
export class ActiveQueries {
  readonly #onSent: ((query: RunningQuery) => void) | undefined;
  readonly #entries = new Map<string, Entry>();

  /** @param onSent hears of each query once its answer was sent or given up. */
  constructor(onSent?: (query: RunningQuery) => void) {
    this.#onSent = onSent;
  }

  /** Shows a query until its answer was sent. It has to run under the scope of what comes back. */
  begin(scope: RequestScope, asked: AskedQuery): RunningQuery {
    const controller = new AbortController();
    const { signal } = scope;
    // It stays: a client that leaves ends its answer first, and its signal aborts afterwards.
    const giveUp = (): void => controller.abort(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const query = new RunningQuery(withSignal(scope, controller.signal), asked);
    const id = scope.ids.request;
    this.#entries.set(id, { query, controller });
    scope.budget.whenReleased(() => {
      this.#entries.delete(id);
      scope.journal.end();
      this.#onSent?.(query);
    });
    return query;
  }

  /** The oldest first. */
  list(): readonly RunningQuery[] {
    return [...this.#entries.values()].map(({ query }) => query);
  }

  /**
   * Ends a query: its caller gets an error of kind `stopped`, and what it asked of endpoints is given up.
   * @throws QueryError `not_found` where no query has this id, `execution` where its answer is being sent.
   */
  cancel(id: string): RunningQuery {
    const { query, controller } = this.#entries.get(id) ?? notActive();
    if (query.stage === 'send')
      throw new QueryError(
        'execution',
        'the query is evaluated, and its answer is being sent to its caller; it cannot be canceled any more',
      );
    controller.abort(
      new QueryError(
        'stopped',
        `the query was canceled by somebody who operates the gateway, ${(query.ageMs / 1000).toFixed(1)} s after it came ` +
          `(DELETE /api/v1/status/active_queries/${id}); ask them before you ask it again`,
      ),
    );
    return query;
  }
}

function notActive(): never {
  throw new QueryError(
    'not_found',
    'no query with this id is active: it has ended, or the id is wrong; /api/v1/status/active_queries has the ids',
  );
}
