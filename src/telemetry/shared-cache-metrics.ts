import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface Call {
  readonly server: string;
  readonly call: string;
  readonly outcome: string;
  readonly ms: number;
  readonly bytes: number;
}

interface ServerState {
  readonly server: string;
  readonly isThere: boolean;
}

/** What counts calls to the servers of a shared cache, and what becomes of the pieces of results that are asked for. */
export interface SharedCacheMetrics {
  readonly called: (call: Call) => void;
  readonly piece: (outcome: string) => void;
  readonly waiting: (pieces: number) => void;
}

/** Adds the shared cache to the registry. */
export function createSharedCacheMetrics(
  registry: Registry,
  servers: () => readonly ServerState[],
): SharedCacheMetrics {
  const calls = new Counter({
    name: 'promweave_shared_cache_calls_total',
    help: 'Calls to the servers of the shared cache: get or put, and whether they were answered, failed, or were skipped because the server is away or has too much to do.',
    labelNames: ['server', 'call', 'outcome'],
    registers: [registry],
  });
  const bytes = new Counter({
    name: 'promweave_shared_cache_bytes_total',
    help: 'Bytes of the values that came from servers of the shared cache (get) and went there (put).',
    labelNames: ['server', 'call'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'promweave_shared_cache_call_duration_seconds',
    help: 'How long calls to servers of the shared cache took that were not skipped.',
    labelNames: ['call'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
    registers: [registry],
  });
  const pieces = new Counter({
    name: 'promweave_shared_cache_pieces_total',
    help: 'Pieces of results that were asked for in the shared cache: found, absent, or unusable because they were damaged, too old, of something else, or too large for the request.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const waiting = new Gauge({
    name: 'promweave_shared_cache_waiting_pieces',
    help: 'Pieces of results that wait to be packed for the shared cache. Where too many wait (1,024 pieces, or 32 MiB of them), further ones are not shared.',
    registers: [registry],
  });
  const up: Gauge = new Gauge({
    name: 'promweave_shared_cache_up',
    help: 'Whether a server of the shared cache is asked (1), or is not because it failed or is too slow (0).',
    labelNames: ['server'],
    registers: [registry],
    collect: () => {
      for (const { server, isThere } of servers()) up.set({ server }, isThere ? 1 : 0);
    },
  });
  return {
    called: ({ server, call, outcome, ms, bytes: size }) => {
      calls.inc({ server, call, outcome });
      if (outcome === 'skipped') return;
      durations.observe({ call }, ms / 1000);
      if (outcome === 'answered') bytes.inc({ server, call }, size);
    },
    piece: (outcome) => pieces.inc({ outcome }),
    waiting: (count) => waiting.set(count),
  };
}
