import {
  bucketCounter,
  counter,
  latencies,
  level,
  memory,
  scramble,
  type HistogramSignal,
  type Signal,
} from './signals.ts';

/** What a target exposes. `target` says which scrapes hold it. */
export interface TargetSeries {
  readonly target: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: Signal | HistogramSignal;
}

const JOBS = ['api', 'web', 'auth', 'orders', 'billing', 'search'];
/** These jobs have native histograms, the others count goroutines: 65 series of its own a target either way. */
const JOBS_WITH_NATIVE = 4;
const HANDLERS = ['/login', '/cart', '/orders', '/search', '/metrics'];
const CODES = ['200', '204', '404', '500'];
const METHODS = ['GET', 'POST'];
/** Series of its own that each target has, and those of the wide servers. */
const EACH = 65;
const WIDE_EACH = 100;
const CONTAINERS = 10;
const DEVICES = ['eth0', 'eth1'];
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

/** 65 series of each target: 40 request counters, 10 gauges, 12 buckets of a histogram, and three more; and three of its scrapes. */
export function* targetSeries(targets: number): Generator<TargetSeries> {
  for (let target = 0; target < targets; target++) {
    for (const { name, labels, signal } of seriesOf(target)) {
      yield { target, labels: { __name__: name, ...identityOf(target), ...labels }, signal };
    }
  }
}

/** Very many series of one metric, a hundred a target. */
export function* wideSeries(count: number): Generator<TargetSeries> {
  for (let i = 0; i < count; i++) {
    const target = Math.floor(i / WIDE_EACH);
    const pod = `pod-${i.toString(36).padStart(6, '0')}`;
    const labels = { __name__: 'wide', ...identityOf(target), pod };
    yield { target, labels, signal: counter(i, 1 + (scramble(i) % 50)) };
  }
  for (let target = 0; target * WIDE_EACH < count; target++) {
    const labels = identityOf(target);
    for (const { name, signal } of scrapesOf(WIDE_EACH))
      yield { target, labels: { __name__: name, ...labels }, signal };
  }
}

interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: Signal | HistogramSignal;
}

function* seriesOf(target: number): Generator<Exposed> {
  let seed = target * 1000;
  yield* scrapesOf(EACH);
  for (const handler of HANDLERS) {
    for (const code of CODES) {
      for (const method of METHODS) {
        const signal = counter(++seed, 1 + (scramble(seed) % 40));
        yield { name: 'http_requests_total', labels: { handler, code, method }, signal };
      }
    }
  }
  for (let i = 0; i < CONTAINERS; i++)
    yield {
      name: 'node_memory_usage_bytes',
      labels: { container: `container-${i}` },
      signal: memory(++seed),
    };
  for (const device of DEVICES)
    yield {
      name: 'node_network_receive_bytes_total',
      labels: { device },
      signal: counter(++seed, 1e5 + (scramble(seed) % 1e6)),
    };
  const events = ++seed;
  for (const [i, le] of BOUNDS.entries()) {
    const labels = { handler: HANDLERS[target % HANDLERS.length]!, le };
    const fraction = le === '+Inf' ? 1 : 1 - Math.exp(-(i + 1) / 3);
    yield {
      name: 'http_request_duration_seconds_bucket',
      labels,
      signal: bucketCounter(events, 400, fraction),
    };
  }
  if (jobOf(target) < JOBS_WITH_NATIVE)
    yield { name: 'http_latency_seconds', labels: {}, signal: latencies(++seed, 300) };
  else yield { name: 'go_goroutines', labels: {}, signal: level(++seed) };
}

function jobOf(target: number): number {
  return target % JOBS.length;
}

function identityOf(target: number): Readonly<Record<string, string>> {
  return {
    job: JOBS[jobOf(target)]!,
    instance: `10.0.${target >> 8}.${target & 255}:9100`,
  };
}

/** What Prometheus itself writes at each scrape, as far as anything asks for it: nothing comes and nothing goes. */
function scrapesOf(samples: number): readonly Exposed[] {
  return [
    { name: 'up', labels: {}, signal: () => 1 },
    { name: 'scrape_samples_post_metric_relabeling', labels: {}, signal: () => samples },
    { name: 'scrape_series_added', labels: {}, signal: () => 0 },
  ];
}
