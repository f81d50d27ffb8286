import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertingRule, RuleGroup } from '../../../src/model/rules.ts';
import { mergeRuleGroups } from '../../../src/select/lists/merge-rules.ts';
import { alertingOf, alertOf, groupOf, recordingOf } from './rules-support.ts';

const REPLICAS = new Set(['__replica__']);
const [a, b] = [{ __replica__: 'a' }, { __replica__: 'b' }];

/** Both orders of endpoints must give the same. */
function merged(first: RuleGroup, second: RuleGroup, hidden = REPLICAS): readonly RuleGroup[] {
  const groups = mergeRuleGroups([first, second], hidden);
  assert.deepEqual(mergeRuleGroups([second, first], hidden), groups);
  return groups;
}

test('a rule that both replicas have appears once, as it was evaluated last', () => {
  const [group, ...others] = merged(
    groupOf('g', 7n, recordingOf('r', 7n, a)),
    groupOf('g', 9n, recordingOf('r', 9n, b)),
  );
  assert.equal(others.length, 0);
  assert.equal(group!.lastEvaluation, 9n);
  assert.deepEqual(group!.rules, [recordingOf('r', 9n, {})]);
});

test('replicas stay apart where they are to be seen', () => {
  const [group] = merged(
    groupOf('g', 7n, recordingOf('r', 7n, a)),
    groupOf('g', 9n, recordingOf('r', 9n, b)),
    new Set(),
  );
  assert.deepEqual(
    group!.rules.map(({ labels }) => labels.join('=')),
    ['__replica__=a', '__replica__=b'],
  );
});

test('rules of two shards stay apart in one group, in the order of the file', () => {
  const rules = (shard: string) => [
    recordingOf('z', 7n, { shard }),
    alertingOf('y', 7n, { shard }, 'inactive'),
    recordingOf('a', 7n, { shard }),
  ];
  const [group] = merged(groupOf('g', 7n, ...rules('0')), groupOf('g', 7n, ...rules('1')));
  assert.deepEqual(
    group!.rules.map(({ name, labels }) => `${name} ${labels[1]}`),
    ['z 0', 'z 1', 'y 0', 'y 1', 'a 0', 'a 1'],
  );
});

test('groups are sorted by file and name', () => {
  const early = { ...groupOf('x', 7n), file: 'a.yml' };
  assert.deepEqual(
    mergeRuleGroups([groupOf('c', 7n), groupOf('b', 7n), early], REPLICAS).map(
      ({ file, name }) => file + name,
    ),
    ['a.ymlx', 'f.ymlb', 'f.ymlc'],
  );
});

test('the more urgent copy of an alerting rule wins over the later one', () => {
  const firing = alertOf({ job: 'x' }, 'firing', 3n);
  const [group] = merged(
    groupOf('g', 7n, alertingOf('r', 7n, a, 'firing', firing)),
    groupOf('g', 9n, alertingOf('r', 9n, b, 'inactive')),
  );
  assert.deepEqual(group!.rules, [alertingOf('r', 7n, {}, 'firing', firing)]);
});

test('an alert is active since the first replica saw it, with the value of the later one', () => {
  const [group] = merged(
    groupOf('g', 7n, alertingOf('r', 7n, a, 'firing', alertOf({ job: 'x' }, 'firing', 3n, 'old'))),
    groupOf('g', 9n, alertingOf('r', 9n, b, 'firing', alertOf({ job: 'x' }, 'firing', 5n, 'new'))),
  );
  const [rule] = group!.rules as readonly AlertingRule[];
  assert.deepEqual(rule!.alerts, [alertOf({ job: 'x' }, 'firing', 3n, 'new')]);
});

test('alerts that one replica alone has are kept', () => {
  const [group] = merged(
    groupOf('g', 7n, alertingOf('r', 7n, a, 'pending', alertOf({ job: 'y' }, 'pending', 3n))),
    groupOf('g', 9n, alertingOf('r', 9n, b, 'firing', alertOf({ job: 'x' }, 'firing', 5n))),
  );
  const [rule] = group!.rules as readonly AlertingRule[];
  assert.equal(rule!.state, 'firing');
  assert.deepEqual(
    rule!.alerts.map(({ labels, state }) => `${labels[1]} ${state}`),
    ['x firing', 'y pending'],
  );
});

test('rules that differ by query are two', () => {
  const other = { ...recordingOf('r', 9n, b), query: 'down' };
  const [group] = merged(groupOf('g', 7n, recordingOf('r', 7n, a)), groupOf('g', 9n, other));
  assert.equal(group!.rules.length, 2);
});
