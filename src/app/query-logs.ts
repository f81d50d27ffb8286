import { closeSync, openSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import { queryLogLine, queryRecord } from '../gateway/observing/query-record.ts';
import type { RunningQuery } from '../gateway/observing/running-query.ts';
import type { Clock } from '../model/clock.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { LineFile } from '../telemetry/line-file.ts';

/** The query log and the log of slow queries. */
export interface QueryLogs {
  /** Undefined where neither is wanted. */
  readonly onSent: ((query: RunningQuery) => void) | undefined;
  /** Lines of the query log that were lost so far. */
  dropped(): number;
  /** Goes on in a new file where the former one was moved away. */
  reopen(): void;
  close(): Promise<void>;
}

/** Throws `bad_data` where the query log cannot be written. */
export function createQueryLogs(
  { log_file: path, slow_query_log_threshold: threshold }: Config['query'],
  logger: FastifyBaseLogger,
  clock: Clock,
): QueryLogs {
  const file = path === undefined ? undefined : openFile(path);
  const isWanted = file !== undefined || threshold > 0;
  return {
    onSent: isWanted
      ? (query) => {
          const { family } = query.asked;
          const isQuery = family === 'instant' || family === 'range';
          if (isQuery) file?.write(queryLogLine(query, clock.now()));
          if (threshold > 0 && query.ageMs >= threshold) logSlow(query, logger);
        }
      : undefined,
    dropped: () => file?.dropped() ?? 0,
    reopen: () => file?.reopen(),
    close: async () => file?.close(),
  };
}

function openFile(path: string): LineFile {
  try {
    closeSync(openSync(path, 'a'));
  } catch (thrown) {
    const problem = `cannot write the query log ${path}: ${messageOf(thrown)}; change query.log_file, or the rights of its folder`;
    throw new QueryError('bad_data', problem, { cause: thrown });
  }
  return new LineFile(path);
}

function logSlow(query: RunningQuery, logger: FastifyBaseLogger): void {
  const { claims, ids, lost, seconds, ...record } = queryRecord(query);
  const times = Object.entries(seconds).map(([stage, value]) => [`${stage}Seconds`, value]);
  const fields = { ...ids, ...record, ...claims, ...(lost.length > 0 && { lost: lost.join(', ') }) };
  logger.warn({ ...fields, ...(Object.fromEntries(times) as object) }, 'slow query');
}
