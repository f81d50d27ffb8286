import { SIZES } from './workload/sizes.ts';
import { fleetOptions, prometheusVersion } from './run.ts';
import { parseOptions } from './options.ts';
import { startRedis } from '../../support/cache-servers.ts';
import { startFleet } from './servers/fleet.ts';
import { END, pairsFleet } from './workload/stores.ts';

/**
 * `npm run bench:dashboard -- [--size …]`: a dashboard of twenty panels that moves by 15 s, ten times: where nothing is kept, where
 * results are kept, where servers compute parts besides, and on a second gateway that shares results of the first one. What is measured is the time of each load in parts of that of
 * the first one. Then single panels, while the shared cache is frozen and dead.
 */
const PROGRAM = 'dist/main.js';
const PANELS = 20;
const MOVES = 10;
const STEP = 15;
/** Panels that are asked one by one. */
const SINGLE = 60;
const ROUNDS = 2;

const QUERIES = [
  'sum by (job) (rate(http_requests_total[5m]))',
  'histogram_quantile(0.9, sum by (le, handler) (rate(http_request_duration_seconds_bucket[5m])))',
  'topk(5, sum by (instance) (rate(http_requests_total[5m])))',
  'rate(node_network_receive_bytes_total[5m])',
];

const options = parseOptions(process.argv.slice(2));
const size = SIZES[options.size];

const KEEPS = '--query.results-cache.size=512MiB';

const ends: (() => unknown)[] = [];
const redis = await startRedis({ after: (end) => void ends.push(end) });
const SHARES = `--shared-cache.redis=${redis.address}`;
const running = await startFleet(pairsFleet(size, options.outages), {
  ...fleetOptions(options, PROGRAM, prometheusVersion(), []),
  flags: [],
});
try {
  const rows = [
    ['nothing is kept', []],
    ['results are kept', [KEEPS]],
    ['and servers compute parts', [KEEPS, '--query.pushdown=auto']],
    ['and shared, the first gateway', [KEEPS, SHARES]],
    ['and shared, a second gateway', [KEEPS, SHARES]],
  ] as const;
  console.log(`Prometheus with the merged data: ${told(await loads(running.direct.url))}`);
  for (const [what, flags] of rows) {
    const gateway = await running.another(flags);
    console.log(`${what}: ${told(await loads(gateway.url))}`);
    for (const line of await keptSteps(gateway.url)) console.log(`  ${line}`);
    await gateway.stop();
  }
  await showTroubles();
} finally {
  await running.stop();
  for (const end of ends.toReversed()) await end();
}

/** How long single panels take, each asked for the first time, while the shared cache fares in several ways. */
async function showTroubles(): Promise<void> {
  const without = await running.another([KEEPS]);
  const shares = await running.another([KEEPS, SHARES]);
  let number = 0;
  const show = async (what: string, url: string, between?: (asked: number) => void): Promise<void> => {
    const times: number[] = [];
    for (let asked = 0; asked < SINGLE; asked++) {
      between?.(asked);
      times.push(await panel(url, number++, END / 1000));
    }
    times.sort((a, b) => a - b);
    const at = (part: number): number => Math.round(times[Math.floor((times.length - 1) * part)]!);
    console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
  };
  for (let round = 1; round <= ROUNDS; round++) {
    await show(`round ${round}, without a shared cache`, without.url);
    await show(`round ${round}, with one`, shares.url);
    await show(`round ${round}, frozen and thawed every 25 panels`, shares.url, (asked) => {
      if (asked % 25 === 0) redis.child.kill(asked % 50 === 0 ? 'SIGSTOP' : 'SIGCONT');
    });
    redis.child.kill('SIGCONT');
  }
  await redis.stop('SIGKILL');
  await show('without a shared cache', without.url);
  await show('with one that is dead', shares.url);
}

/** The times of all loads, ms. */
async function loads(url: string): Promise<readonly number[]> {
  const end = END / 1000;
  const times: number[] = [];
  for (let move = 0; move <= MOVES; move++) times.push(await load(url, end - (MOVES - move) * STEP));
  return times;
}

/** How long all panels take together, which are asked at once; ms. */
async function load(url: string, end: number): Promise<number> {
  const began = performance.now();
  const panels = Array.from({ length: PANELS }, (_, i) => panel(url, i, end));
  await Promise.all(panels);
  return performance.now() - began;
}

/** How long one panel takes, ms. */
async function panel(url: string, number: number, end: number): Promise<number> {
  const began = performance.now();
  const query = `${QUERIES[number % QUERIES.length]!} * ${number + 1}`;
  const start = end - size.span / 1000;
  const form = { query, start: String(start), end: String(end), step: String(STEP) };
  const answer = await fetch(`${url}/api/v1/query_range?${new URLSearchParams(form).toString()}`);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${query}: ${body.slice(0, 300)}`);
  return performance.now() - began;
}

/** What the gateway counted of steps that were kept. */
async function keptSteps(url: string): Promise<readonly string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return metrics
    .split('\n')
    .filter((line) => /^promweave_(results_cache_steps|shared_cache_pieces)/.test(line));
}

function told([first = 0, ...moved]: readonly number[]): string {
  const mean = moved.reduce((sum, time) => sum + time, 0) / moved.length;
  return `${Math.round(first)} ms first, ${Math.round(mean)} ms moved (${(mean / first).toFixed(3)})`;
}
