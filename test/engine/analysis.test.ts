import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import type { QueryAnalysis } from '../../src/engine/analysis.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { MOST_PARTS } from '../../src/engine/part-meter.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import type { Clock } from '../../src/model/clock.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';
import { columnsSeries } from '../select/support.ts';
import { sourceOf } from '../support/backend-source.ts';
import { answerOf, OPTIONS } from '../support/evaluate-text.ts';

const MINUTE = 60_000;
const series = ['a', 'b'].map((job) =>
  columnsSeries(
    { __name__: 'm', job },
    Array.from({ length: 20 }, (_, i) => [i * MINUTE, i] as const),
  ),
);
const SOURCE = sourceOf(createMemoryBackend({ address: 'm:1', externalLabels: EMPTY_LABELS, series }));
const TIMES = { start: 10 * MINUTE, end: 12 * MINUTE, step: MINUTE };

/** Each look at it takes a millisecond. */
function ticking(): Clock {
  let now = 0;
  return { now: () => 0, monotonic: () => now++ };
}

interface More {
  readonly step?: number;
  readonly source?: SeriesSource;
}

async function analyze(text: string, { step = TIMES.step, source = SOURCE }: More = {}) {
  const query = { ...TIMES, step, text, expr: parse(text, ALL_FEATURES), isAnalyzed: true };
  const range = step === 0 ? { ...query, end: query.start } : query;
  const options = { ...OPTIONS, clock: ticking() };
  return evaluate(range, source, options, new AbortController().signal);
}

async function analysisOf(text: string, more?: More): Promise<QueryAnalysis> {
  const { analysis } = await analyze(text, more);
  assert.ok(analysis !== undefined);
  return analysis;
}

/** A part a line: what it does, and how many samples it read. */
function samplesIn({ parts }: QueryAnalysis): readonly string[] {
  return parts.map(({ level, headline, samples }) => `${'  '.repeat(level)}${headline}: ${samples}`);
}

test('each part tells the samples that it and all below it read', async () => {
  assert.deepEqual(samplesIn(await analysisOf('sum(m) + on () sum(rate(m[5m]))')), [
    'binary + one-to-one on (): 36',
    '  aggregate sum: 6',
    '    select #0: 6',
    '  aggregate sum: 30',
    '    call rate: 30',
    '      range 5m: 0',
    '        select #0: 0',
  ]);
});

test('what is evaluated once, or at steps of its own, tells of these steps', async () => {
  assert.deepEqual(samplesIn(await analysisOf('m + m @ 600')), [
    'binary + one-to-one: 12',
    '  select #0: 6',
    '  once for all steps: 6',
    '    select #1 @ 600: 2',
  ]);
  assert.deepEqual(samplesIn(await analysisOf('max_over_time(m[3m:1m])')), [
    'call max_over_time: 18',
    '  subquery 3m step 1m: 10',
    '    select #0: 10',
  ]);
});

for (const step of [0, TIMES.step])
  for (const text of [
    'm',
    '-m',
    'sum(m)',
    'm[5m]',
    'm[5m:1m]',
    'time()',
    'absent(m{job="x"})',
    'm or m',
    '"a"',
    // A row of its inner steps is made giving way.
    'max_over_time((-m)[20m:50ms])',
  ])
    test(`the whole of ${text} is what the statistics tell, at ${step === 0 ? 'one time' : 'steps'}`, async (t) => {
      if (step > 0 && /^"|^m\[/.test(text)) return t.skip('it has no range');
      const { analysis, stats, value, annotations } = await analyze(text, { step });
      const [whole] = analysis!.parts;
      assert.deepEqual(
        [whole!.samples, whole!.peakSamples],
        [stats.totalQueryableSamples, stats.peakSamples],
      );
      const times = step === 0 ? { start: TIMES.start } : TIMES;
      const plain = await answerOf(text, SOURCE, times);
      assert.deepEqual([value, annotations], [plain.value, plain.annotations]);
      assert.equal(plain.analysis, undefined);
    });

test('a part takes as long as what is below it and its own rows', async () => {
  const { parts } = await analysisOf('sum(m)');
  const [whole, select] = parts;
  assert.ok(select!.ms > 0);
  assert.ok(whole!.ms > select!.ms, `${whole!.ms} is not more than ${select!.ms}`);
});

test('the time until samples came is that of the select, and of all around it', async () => {
  const slow: SeriesSource = {
    select: async (request, signal) => {
      const set = await SOURCE.select(request, signal);
      if (request.number !== 1) return set;
      // The other one is there before that.
      await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 10_000; i++) clock.monotonic();
      return set;
    },
  };
  const clock = ticking();
  const text = 'm{job="a"} or sum(m)';
  const query = { ...TIMES, text, expr: parse(text, ALL_FEATURES), isAnalyzed: true };
  const { analysis } = await evaluate(query, slow, { ...OPTIONS, clock }, new AbortController().signal);
  const isLong = analysis!.parts.map(({ headline, ms }) => `${headline} ${ms >= 10_000}`);
  assert.deepEqual(isLong, [
    'binary or many-to-many true',
    'select #0 false',
    'aggregate sum true',
    'select #1 true',
  ]);
});

test('the samples that a query holds are told of the part that was evaluated while it held them', async () => {
  const { parts } = await analysisOf('sum(rate(m[10m])) or vector(1)');
  const peaks = new Map(parts.map(({ headline, peakSamples }) => [headline, peakSamples]));
  assert.ok(peaks.get('call rate')! >= 12, JSON.stringify([...peaks]));
  assert.ok(peaks.get('call vector')! < peaks.get('call rate')!);
});

test('a selector tells what it fetches', async () => {
  const { selects, parts } = await analysisOf('m{job="a"}');
  assert.deepEqual(
    selects[parts[0]!.select!]!.matchers.map(({ name, value }) => `${name} ${value}`),
    ['job a', '__name__ m'],
  );
});

test('beyond so many parts, what the others cost counts for what is around them', async () => {
  const terms = MOST_PARTS;
  const analysis = await analysisOf(Array.from({ length: terms }, () => 'm').join(' + '));
  assert.equal(analysis.parts.length, MOST_PARTS);
  assert.equal(analysis.partsNotShown, 2 * terms - 1 - MOST_PARTS);
  assert.equal(analysis.parts[0]!.samples, terms * 6);
  const innermost = analysis.parts.at(-1)!;
  assert.equal(innermost.level, MOST_PARTS - 1);
  assert.equal(innermost.samples, 6);
});
