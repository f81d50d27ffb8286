import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completenessOf, toRemarks, type Remarks } from '../../src/gateway/remarks.ts';
import { TRUNCATED, remark, type Annotation } from '../../src/model/annotations.ts';
import type { Loss } from '../../src/model/loss.ts';
import { ANYBODY } from '../../src/model/request-scope.ts';

const failure = { kind: 'timeout', endpoint: 'b:1', reason: 'it hangs' } as const;

function shard(i: number): Loss {
  return { kind: 'shard', shard: String(i), failures: [failure] };
}

const REPLACED: Loss = {
  kind: 'replica',
  shard: '{}',
  failure,
  others: ['a:1'],
  standIn: { kind: 'whole' },
};

function shown(annotations: readonly Annotation[], query = '', showReplaced = false): Remarks {
  return toRemarks({ caller: ANYBODY, options: { showReplaced } }, annotations, query);
}

test('warnings and infos are apart, losses first, remarks with their position in the query', () => {
  const annotations = [
    remark('info', 'PromQL info: x', { start: 5, end: 9 }),
    remark('warning', 'PromQL warning: y', { start: 0, end: 1 }),
    shard(0),
  ];
  assert.deepEqual(shown(annotations, 'rate(foo[5m])'), {
    warnings: ['shard 0 is missing: endpoint b:1 did not answer: it hangs', 'PromQL warning: y (1:1)'],
    infos: ['PromQL info: x (1:6)'],
  });
});

test('an answer is whole, patched, or lacks something that so many warnings tell', () => {
  const odd = remark('warning', 'PromQL warning: y');
  assert.deepEqual(completenessOf({ caller: ANYBODY }, [odd, TRUNCATED]), { state: 'whole', warnings: 0 });
  assert.deepEqual(completenessOf({ caller: ANYBODY }, [odd, REPLACED]), { state: 'patched', warnings: 0 });
  const losses = [odd, shard(0), REPLACED, shard(1), shard(1)];
  const { state, warnings } = completenessOf({ caller: ANYBODY }, losses);
  assert.deepEqual([state, warnings], ['missing', 2]);
  for (const text of shown(losses).warnings.slice(0, warnings)) assert.match(text, /is missing/);
  const many = Array.from({ length: 1001 }, (_, i) => shard(i));
  assert.equal(completenessOf({ caller: ANYBODY }, many).warnings, 1000);
});

test('positions count lines, and columns in UTF-8 bytes', () => {
  const { infos } = shown([remark('info', 'm', { start: 9, end: 10 })], 'sum(\n{é="b"}');
  assert.deepEqual(infos, ['m (2:6)']);
});

test('the same text is shown once', () => {
  assert.deepEqual(shown([remark('warning', 'm'), remark('warning', 'm')]).warnings, ['m']);
});

test('a list that was cut is a warning in the words of Prometheus', () => {
  assert.deepEqual(shown([TRUNCATED]), { warnings: ['results truncated due to limit'], infos: [] });
});

test('at most ten of each severity are shown, and the rest is counted', () => {
  const { infos, warnings } = shown(Array.from({ length: 13 }, (_, i) => remark('info', `m${i}`)));
  assert.equal(infos.length, 11);
  assert.equal(infos.at(-1), '3 more info annotations omitted');
  assert.deepEqual(warnings, []);
});

test('what is missing is named, however many endpoints it is', () => {
  const missing = Array.from({ length: 25 }, (_, i) => shard(i));
  const { warnings } = shown([remark('warning', 'w', { start: 0, end: 1 }), ...missing], 'up');
  assert.equal(warnings.length, 26);
  assert.match(warnings[24]!, /^shard 24 is missing/);
  assert.equal(warnings[25], 'w (1:1)');
});

test('a loss that a stand-in makes up for is silent, and an info where it is asked for', () => {
  assert.deepEqual(shown([REPLACED]), { warnings: [], infos: [] });
  assert.deepEqual(shown([REPLACED], '', true), {
    warnings: [],
    infos: [
      'in shard {} endpoint b:1 did not answer: it hangs; nothing is missing, its replica a:1 answered',
    ],
  });
});
