import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leafRows } from '../../src/engine/leaf/leaf-rows.ts';
import type { LeafRows } from '../../src/engine/leaf/leaf.ts';
import type { RowStream } from '../../src/engine/row-stream.ts';
import type { SelectedSeries, SelectedSet, SeriesSource } from '../../src/engine/series-source.ts';
import type { StepRow } from '../../src/engine/step-row.ts';
import { openBudget } from '../../src/model/budget.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { answerOf, type Times } from '../support/evaluate-text.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Series `x{i}` in ten groups `g`, counters with a sample a second from time 0 on. */
function counters(count: number, samples: number): SeriesSource {
  const series = Array.from({ length: count }, (_, i) => ({
    labels: labelsFromRecord({ __name__: 'x', g: String(i % 10), i: String(i) }),
    dropName: false as const,
    read: (target: Parameters<SelectedSeries['read']>[0]): void => {
      target.clear();
      for (let k = 0; k < samples; k++) target.push(k * SECOND, k + i);
    },
  }));
  return { select: () => Promise.resolve({ series, annotations: [] }) };
}

/** How often others get a turn while a query is answered. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isRunning = true;
  const count = (): void => {
    turns++;
    if (isRunning) setImmediate(count);
  };
  setImmediate(count);
  await work().finally(() => {
    isRunning = false;
  });
  return turns;
}

const STEP = 4 * SECOND;
const HEAVY: Times = { start: DAY, end: DAY + 2 * HOUR, step: STEP };

test('one series with long windows does not hold the event loop', async () => {
  const source = counters(1, 93_600);
  const turns = await turnsDuring(async () => answerOf('stddev_over_time(x[1h])', source, HEAVY));
  assert.ok(turns > 2, `others had ${turns} turns`);
});

/** The same series, whose rows come from elsewhere: each is a turn late. */
function late(source: SeriesSource): SeriesSource {
  return {
    select: async (request, signal) => {
      const set = await source.select(request, signal);
      return {
        ...set,
        rows: (leaf, sinks) => new LateRows(set.series, leafRows(leaf, sinks.notes, sinks.counts)),
      };
    },
  };
}

class LateRows implements RowStream {
  isReady = false;
  samples = 0;
  present = 0;
  readonly #series: SelectedSet['series'];
  readonly #rows: LeafRows;
  readonly #buffer = new SampleBuffer();
  #next = 0;

  constructor(series: SelectedSet['series'], rows: LeafRows) {
    this.#series = series;
    this.#rows = rows;
  }

  async ready(): Promise<void> {
    await new Promise(setImmediate);
    this.isReady = true;
  }

  next(row: StepRow): number {
    const series = this.#series.at(this.#next);
    if (series === undefined) return -1;
    row.clear();
    this.present = this.samples = 0;
    if (!this.isReady) return this.#next;
    this.isReady = false;
    series.read(this.#buffer);
    this.present = this.#rows.fill(this.#buffer, '', row);
    this.samples = this.#buffer.length;
    return this.#next++;
  }
}

test('long windows of a subquery whose rows come late do not hold the event loop', async () => {
  const source = late(counters(1, 93_600));
  const turns = await turnsDuring(async () => answerOf('mad_over_time(x[2h:1s])', source, HEAVY));
  assert.ok(turns > 6, `others had ${turns} turns`);
});

test('a row that is computed in slices is the row computed at once', async () => {
  const source = counters(2, 93_600);
  for (const text of ['quantile_over_time(0.3, x[1h])', 'sum_over_time(x[1h])', 'rate(x[1h])']) {
    const sliced = (await answerOf(text, source, HEAVY)).value;
    assert.ok(sliced.kind === 'matrix');
    for (const step of [0, 777, 1800]) {
      const time = HEAVY.start + step * STEP;
      const { value } = await answerOf(text, source, { start: time });
      assert.ok(value.kind === 'vector');
      assert.deepEqual(
        sliced.series.map(({ columns }) => columns.v[step]),
        value.samples.map(({ v }) => v),
      );
    }
  }
});

test('a canceled query ends inside a series', async () => {
  const abort = new AbortController();
  const query = answerOf('stddev_over_time(x[1h])', counters(1, 93_600), HEAVY, {}, abort.signal);
  setImmediate(() => setImmediate(() => abort.abort()));
  await assert.rejects(query, { kind: 'canceled' });
});

test('a subquery with more steps than samples are allowed names the limit and the query', async () => {
  await assert.rejects(answerOf('max_over_time(x[365d:1ms])', counters(1, 10), { start: 0 }), {
    kind: 'execution',
    message:
      'query processing would load too many samples into memory in query execution: ' +
      '31536000000 samples are over the limit of 50000000 for max_over_time(x[365d:1ms])',
  });
});

test('large groups that match each other fail at once', async () => {
  await assert.rejects(answerOf('x * on (g) x', counters(20_000, 2), { start: SECOND }), {
    kind: 'execution',
    message: /^found duplicate series for the match group \{g="0"\} on the right hand-side/,
  });
});

test('labels that double in nested calls are refused', async () => {
  let text = 'x';
  for (let i = 0; i < 40; i++) text = `label_join(${text}, "i", "", "i", "i")`;
  await assert.rejects(answerOf(text, counters(3, 2), { start: SECOND }), {
    kind: 'execution',
    message: 'label i would get a value of 131072 characters; 65536 are allowed',
  });
});

test('the samples that a query holds are taken from its memory, and only its result is left there', async () => {
  const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
  const times = { start: 0, end: 99 * SECOND, step: SECOND };
  const { stats } = await answerOf('sum(x)', counters(10, 100), times, { memory: budget });
  // The rows of the answer have room for each step beside their samples.
  assert.ok(budget.peak >= stats.peakSamples * 16 && budget.peak < stats.peakSamples * 18);
  assert.ok(budget.held < budget.peak);
  const small = openBudget(new MemoryCeiling(0), { bytes: 1000, series: 0 });
  await assert.rejects(answerOf('x', counters(10, 100), times, { memory: small }), { kind: 'too_large' });
});
