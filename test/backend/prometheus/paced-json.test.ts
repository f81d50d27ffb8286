import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parsePaced } from '../../../src/backend/prometheus/paced-json.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { eagerPace, NO_PAUSE, testPacer } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';

const LARGE = 'x'.repeat(70_000);

/** As `JSON.parse` reads it, and as it is read here. */
async function bothOf(text: string): Promise<readonly [unknown, unknown]> {
  return [JSON.parse(text), JSON.parse(JSON.stringify(await parsePaced(Buffer.from(text), NO_PAUSE)))];
}

test('reads what JSON.parse reads, whatever is larger than a slice', async () => {
  const filler = fc.oneof({ weight: 5, arbitrary: fc.constant('') }, fc.constant(LARGE));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      filler,
      fc.constant(null),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('any'), { maxLength: 4 }),
    object: fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
  })).any;
  await assertProperty(
    fc.asyncProperty(value, fc.constantFrom(0, 1), async (read, indent) => {
      const [expected, found] = await bothOf(JSON.stringify(read, undefined, indent));
      assert.deepEqual(found, expected);
    }),
    { seed: 8, numRuns: 200 },
  );
});

test('long lists of texts and of objects come whole', async () => {
  const series = Array.from({ length: 5000 }, (_, i) => ({ __name__: 'm', i: `"${i}\\`, é: '\u2028' }));
  for (const data of [series, series.map(({ i }) => i), { groups: [{ rules: series }] }]) {
    const [expected, found] = await bothOf(JSON.stringify({ status: 'success', data }));
    assert.deepEqual(found, expected);
  }
});

test('of members of one name the last one counts, and none is more than a member', async () => {
  const text = `{"a":1,"__proto__":{"status":"x"},"b":"${LARGE}","a":2}`;
  const found = (await parsePaced(Buffer.from(text), NO_PAUSE)) as Readonly<Record<string, unknown>>;
  assert.equal(found['a'], 2);
  assert.equal(found['status'], undefined);
  assert.deepEqual(Object.keys(found), ['a', '__proto__', 'b']);
});

test('a member that may come once is refused where it comes again, and inside of another it is another one', async () => {
  const read = (text: string): Promise<unknown> => parsePaced(Buffer.from(text), NO_PAUSE, 'data');
  for (const text of ['{"data":1,"data":1}', `{"data":[],"a":"${LARGE}","d\\u0061ta":null}`])
    await assert.rejects(read(text), { kind: 'bad_data', message: /it has `data` twice/ });
  for (const text of [
    '{"a":1,"data":{"data":[1],"b":2},"a":2}',
    '[{"data":1,"data":2}]',
    '"data"',
    '{}',
    '{"data":null}',
  ])
    assert.equal(JSON.stringify(await read(text)), JSON.stringify(JSON.parse(text)));
  await assert.rejects(read('{"data":1,'), { message: /no valid JSON/ });
});

test('what is cut off, broken or nested beyond reason is refused', async () => {
  const long = `["${LARGE}",1,2]`;
  const texts = ['', ' ', '{', '[1,]', '{"a":}', 'nope', '[1]x', '1 2', `${long}]`, long.slice(0, -1)];
  texts.push(long.replace(',1', ',,1'), `{"a":"${LARGE}","b"}`, `{"a":"${LARGE}"]`);
  texts.push('['.repeat(5_000_000), '{"a":'.repeat(1_000_000), `"${'x'.repeat(17_000_000)}"`);
  for (const text of texts)
    await assert.rejects(
      parsePaced(Buffer.from(text), NO_PAUSE),
      { kind: 'bad_data', message: /^the answer is no valid JSON \(\d+ bytes\): expected / },
      text.slice(0, 40),
    );
});

test('a long answer is read with pauses', async (t) => {
  const series = Array.from({ length: 300_000 }, (_, i) => ({
    __name__: 'm',
    instance: `host-${i}:9100`,
    i: String(i),
  }));
  const bytes = Buffer.from(JSON.stringify({ status: 'success', data: series }));
  const pace = eagerPace();
  await parsePaced(bytes, pace);
  assert.ok(pace.pauses > bytes.length / 70_000, `${pace.pauses} pauses`);
  let longest = Infinity;
  for (let tries = 0; tries < 3 && longest > 80; tries++) {
    const busy = await watchTurns(async () => void (await parsePaced(bytes, testPacer())));
    longest = Math.min(longest, busy.longestTurn);
  }
  t.diagnostic(`${bytes.length} bytes, longest turn ${longest.toFixed(0)} ms`);
  assert.ok(longest <= 80, `kept others waiting for ${longest.toFixed(0)} ms`);
});

test('an object in a list has as many members as a series has labels, and one outside of lists has no bound', async () => {
  const members = (count: number): string =>
    `{${Array.from({ length: count }, (_, i) => `"label_${i}":"v"`).join(',')}}`;
  const read = (text: string): Promise<unknown> => parsePaced(Buffer.from(text), NO_PAUSE);
  await read(`[${members(10_000)}]`);
  await read(`{"data":${members(10_001)}}`);
  const message = /an object in a list has more than 10000 members/;
  await assert.rejects(read(`[${members(10_001)}]`), { kind: 'bad_data', message });
  await assert.rejects(read(`{"data":[{"labels":${members(10_001)}}]}`), { kind: 'bad_data', message });
});
