import { toQueryError } from '../../model/errors.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { inTurn } from '../concurrency-gate.ts';
import { withDeadline } from '../deadline.ts';
import { requireUnblocked } from '../limits/blocked-queries.ts';
import type { GatewayContext } from '../parts.ts';
import { claimOf } from './claims.ts';
import type { AskedQuery, QueryEnd, RunningQuery } from './running-query.ts';

/** A query that people can look at. */
export interface ObservedQuery<T> {
  /** ms, the time in the queue included. */
  readonly timeout: number;
  /** What a message about the timeout calls the work. */
  readonly during: string;
  /** The text in its canonical form. */
  readonly canonical: () => string;
  /** Runs in its turn. */
  readonly work: (scope: RequestScope, running: RunningQuery) => Promise<T>;
  /**
   * What to do instead of taking a place and doing the work: `inPlace` does both, and calls `begins` in between. Without it, that is
   * what is done.
   */
  readonly around?: (
    scope: RequestScope,
    running: RunningQuery,
    inPlace: (begins: () => void) => Promise<T>,
  ) => Promise<T>;
  /** What is to be known of an answer. */
  readonly endOf: (result: T) => Omit<QueryEnd, 'error' | 'message'>;
  readonly onEnd?: (running: RunningQuery) => void;
}

/** Most characters of a query in a span. */
const LONGEST_TEXT = 2000;

function notesOf({ asked, samples, scope }: RunningQuery): Readonly<Record<string, string | number>> {
  const { series, bytes } = scope.journal.sums;
  return {
    'promweave.kind': asked.family,
    'promweave.query': asked.text.slice(0, LONGEST_TEXT),
    'promweave.start': asked.start / 1000,
    'promweave.end': asked.end / 1000,
    'promweave.step': asked.step / 1000,
    'promweave.samples': samples,
    'promweave.series': series,
    'promweave.bytes': bytes,
  };
}

/**
 * Runs a query in its turn, within its time and until somebody cancels it. From the first moment on it is among the active queries,
 * and afterwards it counts among those that cost most.
 */
export async function observed<T>(
  parts: GatewayContext,
  scope: RequestScope,
  asked: AskedQuery,
  { timeout, during, canonical, work, around, endOf, onEnd }: ObservedQuery<T>,
): Promise<{ readonly result: T; readonly running: RunningQuery }> {
  const running = parts.active.begin(scope, asked);
  const finish = (end: QueryEnd): void => {
    running.finish(end);
    const { ageMs: ms, samples } = running;
    const { bytes } = scope.journal.sums;
    const cost = { ms, samples, bytes, failed: end.error !== undefined, at: parts.clock.now() };
    const { client } = scope.caller;
    const asker = { client, dashboard: claimOf(scope.caller, 'dashboard') };
    parts.top.add(asked.family, asked.text, canonical, asker, cost);
    if (end.error !== undefined) scope.journal.fail(end.error);
    if (scope.journal.isTraced) scope.journal.note(notesOf(running));
    onEnd?.(running);
  };
  const isQueued = (): boolean => running.stage === 'queue';
  const limit = { ms: timeout, during: () => (isQueued() ? 'query queue' : during), isQueued };
  try {
    const { blocked = [], onBlocked } = parts;
    requireUnblocked(blocked, scope, asked.text, canonical, (index) => onBlocked?.(index));
    const result = await withDeadline(parts, running.scope, limit, (bounded) => {
      const inPlace = (begins = (): void => {}): Promise<T> => {
        // It may have waited for another one before.
        running.queues();
        return parts.queries.run(bounded, () => {
          begins();
          running.enter('select');
          return work(inTurn(parts, bounded), running);
        });
      };
      return around === undefined ? inPlace() : around(bounded, running, inPlace);
    });
    finish({ error: undefined, ...endOf(result) });
    return { result, running };
  } catch (thrown) {
    const { kind, message } = toQueryError(thrown);
    finish({ error: kind, message });
    throw thrown;
  }
}
