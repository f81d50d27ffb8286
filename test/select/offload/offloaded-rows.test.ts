import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { RANGE_KERNELS } from '../../../src/engine/kernels/range-kernels.ts';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { SampleBuffer, type SampleColumns } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { answerTask } from '../../../src/select/offload/answer-task.ts';
import type { RowTask } from '../../../src/select/offload/row-task.ts';
import type { RowThreads } from '../../../src/select/offload/thread-pool.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { exponential } from '../../support/histograms.ts';
import { coveredBy, memoryEndpoint, scopeOf } from '../support.ts';

const END = 3_600_000;

/** Threads that are none, but get and give copies as threads do. */
function noThreads(samplesPerTask = 1000) {
  const tasks: RowTask[] = [];
  const threads: RowThreads = {
    size: 2,
    worthwhileSamples: 0,
    samplesPerTask,
    answer: async (task) => {
      tasks.push(task);
      return structuredClone(answerTask(structuredClone(task)));
    },
  };
  return { threads, tasks };
}

/** An hour of 15 s, with a hole and two resets; which ones depends on the number. */
function samplesOf(number: number, phase: number): SampleBuffer {
  const samples = new SampleBuffer();
  const away = ((number * 7 + phase) % 50) * 60_000;
  for (let t = phase * 1000, v = number; t <= END; t += 15_000) {
    if (t >= away && t < away + 240_000) continue;
    v = (t / 15_000 + number) % 97 < 1 ? 0 : v + (number % 5) + 0.1;
    samples.push(t, v);
  }
  if (number % 6 === 0) samples.push(END + 1000 + phase, STALE_NAN);
  return samples;
}

function chunked(labels: Readonly<Record<string, string>>, columns: SampleColumns): RawSeries {
  return { labels: labelsFromRecord(labels), data: { kind: 'chunks', chunks: encodeColumns(columns) } };
}

function replica(name: string, phase: number, more: readonly RawSeries[] = []) {
  const counters = Array.from({ length: 20 }, (_, i) =>
    chunked(
      { __name__: 'requests_total', i: String(i).padStart(2, '0'), job: `j${i % 3}` },
      samplesOf(i, phase),
    ),
  );
  return memoryEndpoint(
    `${name}:1`,
    { __replica__: name },
    [...counters, ...more],
    coveredBy(name === 'a' ? 'b:1' : 'a:1'),
  );
}

function histograms(): RawSeries {
  const samples = new SampleBuffer();
  for (let t = 0; t <= END; t += 15_000)
    samples.pushHistogram(t, exponential({ positive: { 1: 3 + t / 15_000 } }));
  return chunked({ __name__: 'requests_total', i: '05h', job: 'h' }, samples);
}

const BROKEN = { __name__: 'requests_total', i: '05x' };

/** One whose first chunk was cut off. */
function brokenSeries(): RawSeries {
  const [first, ...rest] = encodeColumns(samplesOf(1, 0));
  const cut = { ...first!, data: first!.data.subarray(0, 20) };
  return { labels: labelsFromRecord(BROKEN), data: { kind: 'chunks', chunks: [cut, ...rest] } };
}

/** @param more series of both replicas, but for those of the second where they are given. */
async function answerOf(
  text: string,
  threads: RowThreads | undefined,
  more: readonly RawSeries[] = [],
  moreOfSecond: readonly RawSeries[] = more,
) {
  const endpoints = fixedTopology([replica('a', 0, more), replica('b', 7, moreOfSecond)]);
  const selection = createSelection({ topology: () => endpoints, timers: SYSTEM_TIMERS, threads });
  const query = { text, expr: parse(text, ALL_FEATURES), start: 600_000, end: END + 60_000, step: 30_000 };
  const { value, annotations, stats } = await evaluate(
    query,
    selection.source(scopeOf()),
    {
      lookbackDelta: 300_000,
      maxSamples: 1_000_000,
      features: new Set(),
      clock: SYSTEM_CLOCK,
      noStepSubqueryInterval: 60_000,
      perStepStats: true,
    },
    new AbortController().signal,
  );
  const { timings: _, ...counted } = stats;
  return { value, annotations, counted };
}

const OTHER_ARGUMENTS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  quantile_over_time: ['0.9, ', ''],
  predict_linear: ['', ', 60'],
  double_exponential_smoothing: ['', ', 0.5, 0.5'],
};

const FUNCTIONS = Object.keys(RANGE_KERNELS)
  .filter((func) => func !== 'absent_over_time')
  .map((func) => {
    const [before, after] = OTHER_ARGUMENTS[func] ?? ['', ''];
    return `${func}(${before}requests_total[5m]${after})`;
  });

const QUERIES: readonly string[] = [
  'requests_total',
  'timestamp(requests_total)',
  'sum by (job) (requests_total offset 3m)',
  'sum by (job) (rate(requests_total[5m]))',
  'rate(requests_total[5m] @ 1800)',
  'rate(requests_total[5m]) / on (i) group_left requests_total',
  'max_over_time(rate(requests_total[5m])[10m:1m])',
  'topk(2, quantile_over_time(scalar(requests_total{i="01"}) / 1000, requests_total[5m]))',
  ...FUNCTIONS,
];

describe('rows from other threads', () => {
  for (const text of QUERIES)
    it(`are those that are made here: ${text}`, async () => {
      const { threads, tasks } = noThreads();
      assert.deepEqual(await answerOf(text, threads), await answerOf(text, undefined));
      assert.ok(tasks.length > 3, `${tasks.length} tasks`);
    });

  it('stand in their order among those of histograms, which are made here', async () => {
    const { threads, tasks } = noThreads();
    const more = [histograms()];
    const text = 'rate(requests_total[5m])';
    assert.deepEqual(await answerOf(text, threads, more), await answerOf(text, undefined, more));
    assert.ok(tasks.every(({ nameOf }) => nameOf.length < 21));
  });

  it('tell of a name that is not that of a counter, as those that are made here', async () => {
    const { threads } = noThreads();
    const more = [chunked({ __name__: 'requests_open', i: 'open', job: 'j0' }, samplesOf(3, 0))];
    const text = 'rate({__name__=~"requests_.+"}[5m])';
    const here = await answerOf(text, undefined, more);
    assert.match(JSON.stringify(here.annotations), /might not be a counter.*requests_open/);
    assert.deepEqual(await answerOf(text, threads, more), here);
  });

  it('tell of chunks that cannot be decoded, as those that are made here', async () => {
    const broken = brokenSeries();
    const { threads } = noThreads();
    const here = await answerOf('requests_total', undefined, [broken]);
    assert.deepEqual(await answerOf('requests_total', threads, [broken]), here);
    assert.ok(here.annotations.length > 0);
  });

  it('look for holes behind chunks that cannot be decoded alone, as those that are made here', async () => {
    const [without, withHole] = [new SampleBuffer(), new SampleBuffer()];
    for (let t = 0; t <= 2 * END; t += 15_000) {
      without.push(t, t);
      if (t < 1_200_000 || t > 2_400_000) withHole.push(t, t);
    }
    const whole = chunked(BROKEN, without);
    const hole = chunked({ __name__: 'requests_total', i: '05h' }, withHole);
    const { threads } = noThreads(100_000);
    const more = [[brokenSeries(), hole] as const, [whole, hole] as const] as const;
    const here = await answerOf('requests_total', undefined, ...more);
    assert.deepEqual(await answerOf('requests_total', threads, ...more), here);
    assert.ok(here.annotations.some((loss) => loss.kind === 'unreadable' && loss.replaced));
  });

  it('end with the error that a thread met', async () => {
    const text = 'quantile_over_time(0.5, requests_total[5m])';
    const failing: RowThreads = {
      ...noThreads().threads,
      answer: () => Promise.reject(new Error('the thread is gone')),
    };
    await assert.rejects(answerOf(text, failing), /the thread is gone/);
  });

  it('are made of a few tasks at a time, whatever their number', async () => {
    let [open, most] = [0, 0];
    const { threads } = noThreads(1);
    const counting: RowThreads = {
      ...threads,
      answer: async (task, signal) => {
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        const answer = await threads.answer(task, signal);
        open--;
        return answer;
      },
    };
    await answerOf('requests_total', counting);
    assert.equal(most, 6);
  });
});
