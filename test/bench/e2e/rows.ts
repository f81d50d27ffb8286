import { END, type Fleet } from './workload/stores.ts';
import type { Size } from './workload/sizes.ts';

/** How a row is asked. */
export type Load =
  /** One request at a time. */
  | { readonly kind: 'one' }
  /** So many at once, and the time until the last one is answered. */
  | { readonly kind: 'burst'; readonly clients: number }
  /** So many clients that ask again and again, and the time a request. */
  | { readonly kind: 'stream'; readonly clients: number; readonly durationMs: number };

interface Moves {
  readonly by: number;
  readonly times: number;
}

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly fleet: Fleet['name'];
  readonly query: string;
  /** Times of a range query, s; an instant query is asked at the end of the data. */
  readonly range?: { readonly start: number; readonly end: number; readonly step: number };
  readonly load: Load;
  /** How much later each shot asks than the one before, s, and after how many it begins again, as a dashboard or an alert does. */
  readonly moves?: Moves;
  /** Prometheus interpolates otherwise before 3.0: by this much, relative, values may then differ. */
  readonly before3: number;
}

const ONE: Load = { kind: 'one' };
const CLIENTS = 8;
const STREAM_MS = 1500;
/** Buckets of the native histograms are this wide at most: 2^(1/8). */
const BUCKET_GROWTH = 0.1;

const SUM_RATE = 'sum by (job) (rate(http_requests_total[5m]))';
const COUNT_UP = 'count(up)';
const COUNT_WIDE = 'count(wide)';

/** Every row of the table, in its order. */
export function rowsOf(size: Size): readonly Row[] {
  const long = rangeOf(size.span, 60);
  const short = rangeOf(size.shortSpan, 15);
  // Half of the data, and the other half comes by and by.
  const moving = rangeOf(size.span / 2, 60);
  const moves = { by: 15, times: size.span / 2 / 15_000 };
  const pairs = { fleet: 'pairs', load: ONE, before3: 0 } as const;
  const wide = { fleet: 'wide', query: COUNT_WIDE, before3: 0 } as const;
  return [
    { ...pairs, name: 'sum-rate', query: SUM_RATE, range: long },
    { ...pairs, name: 'sum-rate-short', query: SUM_RATE, range: short },
    {
      ...pairs,
      name: 'quantile',
      query:
        'histogram_quantile(0.99, sum by (le, handler) (rate(http_request_duration_seconds_bucket[5m])))',
      range: long,
    },
    {
      ...pairs,
      name: 'topk',
      query: 'topk(5, sum by (instance) (rate(http_requests_total[5m])))',
      range: long,
    },
    { ...pairs, name: 'raw', query: 'node_memory_usage_bytes', range: long },
    { ...pairs, name: 'rate', query: 'rate(node_network_receive_bytes_total[5m])', range: long },
    {
      ...pairs,
      name: 'native',
      query: 'histogram_quantile(0.99, sum(rate(http_latency_seconds[5m])))',
      range: long,
      before3: BUCKET_GROWTH,
    },
    { ...pairs, name: 'instant-rate', query: SUM_RATE },
    { ...pairs, name: 'sum-rate-moving', query: SUM_RATE, range: moving, moves },
    { ...pairs, name: 'instant-rate-moving', query: SUM_RATE, moves },
    { ...pairs, name: 'instant-up', query: COUNT_UP },
    {
      ...pairs,
      name: 'instant-up-8',
      query: COUNT_UP,
      load: { kind: 'stream', clients: CLIENTS, durationMs: STREAM_MS },
    },
    { ...wide, name: 'wide', load: ONE },
    { ...wide, name: 'wide-8', load: { kind: 'burst', clients: CLIENTS } },
  ];
}

/**
 * Where the API answers it: path and parameters.
 * @param shot its number; those of a row that does not move are all the same.
 */
export function pathOf({ query, range, moves }: Row, shot: number): string {
  // The last of them ends where all others do.
  const earlier = moves === undefined ? 0 : (moves.times - (shot % moves.times) - 1) * moves.by;
  const at = (time: number): string => String(time - earlier);
  if (range === undefined)
    return `/api/v1/query?${new URLSearchParams({ query, time: at(END / 1000) }).toString()}`;
  const { start, end, step } = range;
  const parameters = { query, start: at(start), end: at(end), step: String(step) };
  return `/api/v1/query_range?${new URLSearchParams(parameters).toString()}`;
}

function rangeOf(span: number, step: number): NonNullable<Row['range']> {
  return { start: (END - span) / 1000, end: END / 1000, step };
}
