import { formatDuration } from '../../src/model/duration.ts';
import { labelsFromRecord, pairsOf } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { isStale } from '../../src/model/stale.ts';
import type { Selection } from '../../src/select/selection.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { gatewayOf, named, scrapesAlone } from '../select/read-once/world.ts';
import { memoryEndpoint, NEVER, scopeOf } from '../select/support.ts';
import { compare, type Measured } from './compare.ts';
import { FigureSum, type Answer } from './evaluate-figure.ts';
import type { Figure } from './figures.ts';
import { between, randomFrom } from './random.ts';
import { samplesOf, scrapeTimes, type Span } from './scrapes.ts';
import { counter, gauge, processStarts } from './signals.ts';
import { DURATION_MS, START_MS } from './workload.ts';

const MINUTE = 60_000;
const TARGETS = 6;

/** Replicas of one shard and their outages, in minutes after the start, the end exclusive; by replica. */
export interface Variant {
  readonly name: string;
  readonly intervalMs: number;
  readonly outages: readonly (readonly (readonly [from: number, to: number])[])[];
}

const APART = [
  [
    [70, 85],
    [200, 203],
  ],
  [[150, 170]],
] as const;
const OVERLAPPING = [[[70, 90]], [[85, 110]]] as const;
const THREE_OVERLAPPING = [
  [
    [70, 90],
    [200, 230],
  ],
  [[85, 110]],
  [
    [105, 130],
    [210, 215],
  ],
] as const;

export const VARIANTS: readonly Variant[] = [
  { name: '2 replicas', intervalMs: 15_000, outages: APART },
  { name: '2 replicas, outages overlap', intervalMs: 15_000, outages: OVERLAPPING },
  { name: '3 replicas, outages overlap', intervalMs: 15_000, outages: THREE_OVERLAPPING },
  { name: '2 replicas, outages overlap', intervalMs: 30_000, outages: OVERLAPPING },
  { name: '3 replicas, outages overlap', intervalMs: 60_000, outages: THREE_OVERLAPPING },
  { name: '2 replicas', intervalMs: 300_000, outages: APART },
  { name: '3 replicas, outages overlap', intervalMs: 300_000, outages: THREE_OVERLAPPING },
];

interface Watched {
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: readonly SampleBuffer[];
  readonly reference: SampleBuffer;
}

/** What reading one replica alone, where that is proven, comes to, beside reading all. */
export interface OnceMeasured {
  /** The figures in both modes, against what a replica without outages would have. */
  readonly once: readonly Measured[];
  readonly inFull: readonly Measured[];
  /** How many reads were answered from one replica, and how many there were. */
  readonly spoken: number;
  readonly reads: number;
}

/** A panel's range, ms. */
const WINDOW_MS = 20 * MINUTE;
/** The first read learns intervals, the second one which replica has all; the third is answered from that alone. */
const ROUNDS_ONCE = 3;

/** Reads a variant in windows as a dashboard does, in both modes, and evaluates the figures over what came. */
export async function measureOnce(variant: Variant): Promise<OnceMeasured> {
  const all = watch(variant);
  const replicas = variant.outages.map((_, r) => {
    const name = 'abc'[r]!;
    const series = all.map(({ labels, replicas: each }) => ({
      labels: labelsFromRecord(labels),
      data: { kind: 'chunks', chunks: encodeColumns(each[r]!) } as const,
    }));
    const external = { cluster: 'truth', __replica__: name };
    return () => memoryEndpoint(`${name}:1`, external, series, {}, undefined, scrapesAlone());
  });
  const gateway = gatewayOf(replicas, START_MS + DURATION_MS);
  await gateway.refresh();
  const truth = evaluate(variant, (series) => series.reference, all);
  const inMode = async (selection: Selection, rounds: number): Promise<readonly Measured[]> => {
    const read = await readInWindows(selection, rounds);
    const empty = new SampleBuffer();
    const found = evaluate(variant, ({ labels }) => read.get(keyOf(labels)) ?? empty, all);
    return figuresOf(variant).map((figure, i) => compare(figure, found[i]!, truth[i]!));
  };
  const inFull = await inMode(gateway.inFull, 1);
  const once = await inMode(gateway.once, ROUNDS_ONCE);
  const spoken = gateway.reasons.filter((reason) => reason.startsWith('once')).length;
  return { once, inFull, spoken, reads: gateway.reasons.length };
}

function evaluate(
  variant: Variant,
  samplesOfSeries: (series: Watched) => SampleBuffer,
  all: readonly Watched[],
): readonly Answer[] {
  const { intervalMs } = variant;
  const grid = {
    start: START_MS + 30 * MINUTE,
    step: intervalMs,
    count: Math.floor((DURATION_MS - 30 * MINUTE) / intervalMs),
  };
  return figuresOf(variant).map((figure) => {
    const sum = new FigureSum(figure, grid);
    for (const series of all)
      if (series.labels['__name__'] === figure.metric) sum.add(series.labels, samplesOfSeries(series));
    return sum.answer();
  });
}

/** All samples of the metrics, window by window, by {@link keyOf}. */
async function readInWindows(
  selection: Selection,
  rounds: number,
): Promise<ReadonlyMap<string, SampleBuffer>> {
  const found = new Map<string, SampleBuffer>();
  const buffer = new SampleBuffer();
  for (const metric of METRICS)
    for (let minTime = START_MS; minTime < START_MS + DURATION_MS; minTime += WINDOW_MS) {
      const maxTime = minTime + WINDOW_MS - 1;
      const request = { matchers: named(metric), minTime, maxTime, hints: { range: 0, func: '' } };
      let set = await selection.source(scopeOf()).select(request, NEVER);
      for (let round = 1; round < rounds; round++)
        set = await selection.source(scopeOf()).select(request, NEVER);
      for (const series of set.series) {
        const key = keyOf(Object.fromEntries(pairsOf(series.labels)));
        let samples = found.get(key);
        if (samples === undefined) found.set(key, (samples = new SampleBuffer()));
        series.read(buffer);
        for (let i = 0; i < buffer.length; i++) {
          const [t, v] = [buffer.t[i]!, buffer.v[i]!];
          if (t >= minTime && t <= maxTime && !isStale(v)) samples.push(t, v);
        }
      }
    }
  return found;
}

function keyOf({ __name__: name, instance }: Readonly<Record<string, string>>): string {
  return `${name} ${instance}`;
}

/** Watches the targets, each series with all replicas. */
function watch({ intervalMs, outages }: Variant): readonly Watched[] {
  const end = START_MS + DURATION_MS;
  return Array.from({ length: TARGETS }, (_, target) => {
    const random = randomFrom(7000 + target);
    const first = START_MS + Math.floor(random() * intervalMs);
    const times = outages.map((each, r) => {
      // Replica a scrapes at the times of the reference.
      const at = r === 0 ? first : START_MS + Math.floor(random() * intervalMs);
      const spans = each.map(([from, to]): Span => ({
        from: START_MS + from * MINUTE,
        to: START_MS + to * MINUTE,
      }));
      const jitterSeed = Math.floor(between(random, 0, 2 ** 31));
      return {
        lacking: scrapeTimes({ interval: intervalMs, first: at, end, jitterSeed, outages: spans }),
        all: scrapeTimes({ interval: intervalMs, first: at, end, jitterSeed, outages: [] }),
      };
    });
    const starts = processStarts(random, START_MS, end);
    const signals = {
      up: () => 1,
      http_requests_total: counter(random, starts),
      node_memory_usage_bytes: gauge(random),
    };
    return Object.entries(signals).map(([name, signal]) => ({
      labels: { __name__: name, job: 'api', instance: `t${target}` },
      replicas: times.map(({ lacking }) => samplesOf(signal, lacking)),
      reference: samplesOf(signal, times[0]!.all),
    }));
  }).flat();
}

const METRICS = ['up', 'http_requests_total', 'node_memory_usage_bytes'] as const;

/** Ranges follow the interval, as those of dashboards do. */
function figuresOf({ intervalMs }: Variant): readonly Figure[] {
  const range = 4 * intervalMs;
  const text = formatDuration(range);
  const figure = (
    metric: Figure['metric'],
    func: Figure['func'],
    aggregate: Figure['aggregate'],
  ): Figure => ({
    query: `${aggregate}(${func}(${metric}[${text}]))`,
    metric,
    func,
    range,
    aggregate,
  });
  return [
    figure('http_requests_total', 'rate', 'sum'),
    figure('http_requests_total', 'resets', 'sum'),
    figure('node_memory_usage_bytes', 'changes', 'sum'),
    figure('up', 'count_over_time', 'sum'),
    figure('up', 'present_over_time', 'count'),
  ];
}
