import type { Loss } from '../../model/loss.ts';
import type { RequestStage } from '../../model/request-journal.ts';
import { loggedIds } from '../../model/request-ids.ts';
import { claimsOf, type Claims } from './claims.ts';
import { queryTimings } from './query-timings.ts';
import type { RunningQuery } from './running-query.ts';

/** Most characters of a query, and most lost endpoints, in a line of a log. */
const LONGEST_TEXT = 10_000;
const MOST_LOST = 20;

/** The last time that a date can have, ms. */
const LAST_MS = 8.64e15;

/** A query that has ended, as logs have it. Times are in seconds. */
export interface QueryRecord {
  readonly kind: string;
  readonly query: string;
  /** As Prometheus prints times. */
  readonly start: string;
  readonly end: string;
  readonly step: number;
  readonly client: string;
  /** Undefined where there are no tenants. */
  readonly tenant: string | undefined;
  readonly path: string;
  readonly claims: Claims;
  readonly ids: Readonly<Record<string, string>>;
  readonly samples: number;
  readonly series: number;
  readonly bytes: number;
  /** Different endpoints that were asked. */
  readonly endpoints: number;
  /** Ids of endpoints that the answer lacks, or would lack without stand-ins. */
  readonly lost: readonly string[];
  /** How long each stage took. */
  readonly seconds: Readonly<Partial<Record<RequestStage | 'total', number>>>;
  readonly error: string | undefined;
}

/** Everything in it is bounded, and no text of it has line breaks or control characters but the query's. */
export function queryRecord(query: RunningQuery): QueryRecord {
  const { asked, scope, samples, end, ageMs } = query;
  const { caller, ids, journal } = scope;
  const { text } = asked;
  const { series, bytes, endpoints } = journal.sums;
  const times = query.stages().map(({ stage, began, ended }) => [stage, seconds(ended - began)] as const);
  return {
    kind: asked.family,
    query: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text,
    start: isoTime(asked.start),
    end: isoTime(asked.end),
    step: asked.step / 1000,
    client: caller.client,
    tenant: caller.tenant || undefined,
    path: caller.path,
    claims: claimsOf(caller),
    ids: loggedIds(ids),
    samples,
    series,
    bytes,
    endpoints,
    lost: [...new Set((end?.losses ?? []).flatMap(endpointsOf))].slice(0, MOST_LOST),
    seconds: { ...Object.fromEntries(times), total: seconds(ageMs) },
    error: end?.message ?? end?.error,
  };
}

/**
 * A query as a line of JSON in the form of Prometheus' query log
 * (https://prometheus.io/docs/guides/query-log/), with what Prometheus has no name for under `promweave`.
 */
export function queryLogLine(query: RunningQuery, now: number): string {
  const record = queryRecord(query);
  const { scope, end, queuedMs } = query;
  const { trace } = scope.ids;
  const { stats } = end ?? {};
  const { kind, client, tenant, path, claims, ids, series, bytes, endpoints, lost } = record;
  const { keptSteps, sharedSteps } = stats ?? {};
  const line = {
    time: new Date(now).toISOString(),
    level: 'INFO',
    msg: 'promql query logged',
    params: { end: record.end, query: record.query, start: record.start, step: record.step },
    ...(record.error !== undefined && { error: record.error }),
    ...(stats !== undefined && {
      stats: {
        timings: queryTimings(stats.timings, queuedMs),
        samples: { totalQueryableSamples: stats.totalQueryableSamples, peakSamples: stats.peakSamples },
      },
    }),
    spanID: trace?.spanId,
    traceID: trace?.traceId,
    httpRequest: { clientIP: client, method: scope.caller.method, path },
    promweave: {
      kind,
      tenant,
      ...ids,
      ...claims,
      series,
      bytes,
      endpoints,
      lost,
      ...(keptSteps !== undefined && { keptSteps, sharedSteps }),
      seconds: record.seconds,
    },
  };
  return `${JSON.stringify(line)}\n`;
}

function endpointsOf(loss: Loss): readonly string[] {
  switch (loss.kind) {
    case 'shard':
      return loss.failures.map(({ endpoint }) => endpoint);
    case 'replica':
    case 'uncounted':
      return [loss.failure.endpoint];
    case 'endpoint':
    case 'unreadable':
    case 'reported':
      return [loss.endpoint];
  }
}

/** `2026-11-23T07:43:13.250Z`. The calendar ends before the times that a request may name. */
function isoTime(ms: number): string {
  return Math.abs(ms) <= LAST_MS ? new Date(ms).toISOString() : `${ms} ms`;
}

function seconds(ms: number): number {
  return Math.round(ms * 1000) / 1e6;
}
