import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../../../src/engine/evaluate.ts';
import type { SeriesSource } from '../../../../src/engine/series-source.ts';
import type { Labels } from '../../../../src/model/labels.ts';
import { ALL_FEATURES } from '../../../../src/promql/features.ts';
import { parse } from '../../../../src/promql/parse.ts';
import { answerOf, describeValue, linesOf, OPTIONS, type Times } from '../../../support/evaluate-text.ts';
import { everyInterval, PointSource } from '../../../support/point-source.ts';
import { assertProperty } from '../../../support/property.ts';

const NOW: Times = { start: 1000 };
const STEPS: Times = { start: 1000, end: 3000, step: 1000 };
const DELAYED = { features: new Set([...ALL_FEATURES, 'promql-delayed-name-removal']), lookbackDelta: 1000 };
const PLAIN = { ...OPTIONS, lookbackDelta: 1000 };

const SOURCE = new PointSource({
  'a{x="1",y="1"}': everyInterval(1000, [1, 1, undefined, undefined]),
  'a{x="1",y="2"}': everyInterval(1000, [2, 2, 2, undefined]),
  'b{x="1",y="1"}': everyInterval(1000, [3, 3, 3, undefined]),
  'b{x="2",y="1"}': everyInterval(1000, [4, undefined, 4, 4]),
  'c{x="1",y="1"}': everyInterval(1000, [5, 5, 5, 5]),
  'c{x="3",y="3"}': everyInterval(1000, [6, undefined, undefined, 6]),
});

test('each vector of a chain adds what none in front of it has, at each step', async () => {
  assert.deepEqual(await linesOf('a or b or c', SOURCE, STEPS, PLAIN), [
    'a{x="1", y="1"} 1@1000',
    'a{x="1", y="2"} 2@1000 2@2000',
    'b{x="1", y="1"} 3@2000',
    'b{x="2", y="1"} 4@2000 4@3000',
    'c{x="1", y="1"} 5@3000',
    'c{x="3", y="3"} 6@3000',
  ]);
});

test('the series of one vector do not hide each other, in whatever place it stands', async () => {
  assert.deepEqual(await linesOf('c{x="3"} or on () a or on () b', SOURCE, NOW, PLAIN), [
    'a{x="1", y="1"} 1@1000',
    'a{x="1", y="2"} 2@1000',
  ]);
});

test('each vector of more than a byte can count has its place', async () => {
  const nothing = Array.from({ length: 300 }, () => 'd').join(' or ');
  const expected = ['a{x="1", y="1"} 1@1000', 'a{x="1", y="2"} 2@1000'];
  assert.deepEqual(await linesOf(`${nothing} or on () a or on () b`, SOURCE, NOW, PLAIN), expected);
  assert.deepEqual(await linesOf(`a or on () ${nothing} or on () b`, SOURCE, NOW, PLAIN), expected);
  assert.deepEqual(await linesOf(`${nothing} or a or b{x="1"}`, SOURCE, NOW, PLAIN), expected);
});

describe('a chain that is one union', () => {
  const vector = fc.constantFrom(
    'a',
    'b',
    'c',
    'd',
    'abs(a)',
    '-b',
    'c > bool 5',
    'label_replace(b, "x", "1", "", "")',
  );
  const matching = fc.constantFrom('', '', 'on (x)', 'on ()', 'ignoring (y)');
  const { chain } = fc.letrec<{ chain: string }>((tie) => ({
    chain: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      vector,
      fc
        .tuple(tie('chain'), matching, tie('chain'))
        .map(([left, by, right]) => `(${left}) or ${by} (${right})`),
    ),
  }));

  /** Where its parts are measured, each `or` is a union of two. */
  async function outcome(text: string, times: Times, options: typeof PLAIN, isAnalyzed: boolean) {
    const { start, end = start, step = 0 } = times;
    const query = { text, expr: parse(text, ALL_FEATURES), start, end, step, isAnalyzed };
    try {
      const { value } = await evaluate(query, SOURCE, options, new AbortController().signal);
      return describeValue(value);
    } catch (thrown) {
      return String(thrown);
    }
  }

  for (const [what, features] of [
    ['', PLAIN],
    [', with names until the end', { ...PLAIN, ...DELAYED }],
  ] as const)
    test(`says what a union of two after the other says${what}`, async () => {
      await assertProperty(
        fc.asyncProperty(chain, fc.constantFrom(NOW, STEPS), async (text, times) => {
          const one = await outcome(text, times, features, false);
          assert.deepEqual(one, await outcome(text, times, features, true));
        }),
        { seed: 1801, numRuns: 300 },
      );
    });
});

describe('the work for a chain grows as the chain does', () => {
  /** How often the labels of a series were looked at. */
  async function looks(text: string): Promise<number> {
    let count = 0;
    const counting: SeriesSource = {
      select: async (request) => {
        const { series, annotations } = await SOURCE.select(request);
        const counted = Array.from(series, (one) => ({
          ...one,
          get labels(): Labels {
            count++;
            return one.labels;
          },
        }));
        return { series: counted, annotations };
      },
    };
    await answerOf(text, counting, NOW, DELAYED);
    return count;
  }

  for (const [what, chain] of [
    ['to the left', (count: number) => Array.from({ length: count }, () => 'a').join(' or ')],
    ['to the right', (count: number) => `${'a or ('.repeat(count - 1)}a${')'.repeat(count - 1)}`],
  ] as const)
    test(what, async () => {
      const [short, long] = [await looks(chain(50)), await looks(chain(500))];
      assert.ok(short >= 100 && long <= 10 * short, `${short} and ${long}`);
    });
});
