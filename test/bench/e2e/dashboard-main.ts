import { SIZES } from './workload/sizes.ts';
import { fleetOptions, prometheusVersion } from './run.ts';
import { parseOptions } from './options.ts';
import { startFleet } from './servers/fleet.ts';
import { END, pairsFleet } from './workload/stores.ts';

/**
 * `npm run bench:dashboard -- [--size …]`: a dashboard of twenty panels that moves by 15 s, ten times, with results that are kept and
 * without. What is measured is the time of each load in parts of that of the first one.
 */
const PROGRAM = 'dist/main.js';
const PANELS = 20;
const MOVES = 10;
const STEP = 15;

const QUERIES = [
  'sum by (job) (rate(http_requests_total[5m]))',
  'histogram_quantile(0.9, sum by (le, handler) (rate(http_request_duration_seconds_bucket[5m])))',
  'topk(5, sum by (instance) (rate(http_requests_total[5m])))',
  'rate(node_network_receive_bytes_total[5m])',
];

const options = parseOptions(process.argv.slice(2));
const size = SIZES[options.size];

for (const flags of [['--query.results-cache.size=512MiB'], []]) {
  const fleet = fleetOptions(options, PROGRAM, prometheusVersion(), []);
  const running = await startFleet(pairsFleet(size, options.outages), { ...fleet, flags });
  try {
    const gateway = await loads(running.gateway.url);
    const direct = await loads(running.direct.url);
    console.log(`${flags[0] ?? 'nothing is kept'}: gateway ${told(gateway)}; direct ${told(direct)}`);
    for (const line of await keptSteps(running.gateway.url)) console.log(line);
  } finally {
    await running.stop();
  }
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
  const panels = Array.from({ length: PANELS }, async (_, i) => {
    const query = `${QUERIES[i % QUERIES.length]!} * ${i + 1}`;
    const start = end - size.span / 1000;
    const form = { query, start: String(start), end: String(end), step: String(STEP) };
    const answer = await fetch(`${url}/api/v1/query_range?${new URLSearchParams(form).toString()}`);
    const body = await answer.text();
    if (!answer.ok) throw new Error(`${query}: ${body.slice(0, 300)}`);
  });
  await Promise.all(panels);
  return performance.now() - began;
}

/** What the gateway counted of steps that were kept. */
async function keptSteps(url: string): Promise<readonly string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return metrics.split('\n').filter((line) => line.startsWith('promweave_results_cache'));
}

function told([first = 0, ...moved]: readonly number[]): string {
  const mean = moved.reduce((sum, time) => sum + time, 0) / moved.length;
  return `${Math.round(first)} ms first, ${Math.round(mean)} ms moved (${(mean / first).toFixed(3)})`;
}
