import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AlertingRule, RuleGroup } from '../../../src/model/rules.ts';
import { mergeRuleGroups } from '../../../src/select/lists/merge-rules.ts';
import { alertingOf, alertOf, groupOf, recordingOf } from './rules-support.ts';
import { Pacer } from '../../../src/model/pacer.ts';
import { testPacer } from '../../support/pace.ts';

const REPLICAS = new Set(['__replica__']);
const [a, b] = [{ __replica__: 'a' }, { __replica__: 'b' }];

/** Of two replicas. Both orders of endpoints must give the same. */
function merged(first: RuleGroup, second: RuleGroup, hidden = REPLICAS): Promise<readonly RuleGroup[]> {
  return mergedShards([[[first], [second]]], hidden);
}

/** By shard, then by endpoint; whatever the order of both. */
async function mergedShards(
  shards: readonly (readonly (readonly RuleGroup[])[])[],
  hidden = REPLICAS,
): Promise<readonly RuleGroup[]> {
  const groups = await mergeRuleGroups(shards, hidden, testPacer());
  const reversed = shards.toReversed().map((endpoints) => endpoints.toReversed());
  assert.deepEqual(await mergeRuleGroups(reversed, hidden, testPacer()), groups);
  return groups;
}

/** What there is, file by file: `file name: rules`. */
function listed(groups: readonly RuleGroup[]): readonly string[] {
  return groups.map(
    ({ file, name, rules }) =>
      `${file} ${name}: ${rules.map((rule) => [rule.name, ...rule.labels].join(' ')).join(', ')}`,
  );
}

test('a rule that both replicas have appears once, as it was evaluated last', async () => {
  const [group, ...others] = await merged(
    groupOf('g', 7n, recordingOf('r', 7n, a)),
    groupOf('g', 9n, recordingOf('r', 9n, b)),
  );
  assert.equal(others.length, 0);
  assert.equal(group!.lastEvaluation, 9n);
  assert.deepEqual(group!.rules, [recordingOf('r', 9n, {})]);
});

test('replicas stay apart where they are to be seen', async () => {
  const [group] = await merged(
    groupOf('g', 7n, recordingOf('r', 7n, a)),
    groupOf('g', 9n, recordingOf('r', 9n, b)),
    new Set(),
  );
  assert.deepEqual(
    group!.rules.map(({ labels }) => labels.join('=')),
    ['__replica__=a', '__replica__=b'],
  );
});

test('rules of two shards stay apart in one group, in the order of the file', async () => {
  const rules = (shard: string) => [
    recordingOf('z', 7n, { shard }),
    alertingOf('y', 7n, { shard }, 'inactive'),
    recordingOf('a', 7n, { shard }),
  ];
  const [group] = await mergedShards([
    [[groupOf('g', 7n, ...rules('0'))]],
    [[groupOf('g', 7n, ...rules('1'))]],
  ]);
  assert.deepEqual(
    group!.rules.map(({ name, labels }) => `${name} ${labels[1]}`),
    ['z 0', 'z 1', 'y 0', 'y 1', 'a 0', 'a 1'],
  );
});

test('groups are sorted by file and name', async () => {
  const early = { ...groupOf('x', 7n), file: 'a.yml' };
  assert.deepEqual(
    (await mergedShards([[[groupOf('c', 7n), groupOf('b', 7n), early]]])).map(
      ({ file, name }) => file + name,
    ),
    ['a.ymlx', 'f.ymlb', 'f.ymlc'],
  );
});

test('the more urgent copy of an alerting rule wins over the later one', async () => {
  const firing = alertOf({ job: 'x' }, 'firing', 3n);
  const [group] = await merged(
    groupOf('g', 7n, alertingOf('r', 7n, a, 'firing', firing)),
    groupOf('g', 9n, alertingOf('r', 9n, b, 'inactive')),
  );
  assert.deepEqual(group!.rules, [alertingOf('r', 7n, {}, 'firing', firing)]);
});

test('an alert is active since the first replica saw it, with the value of the later one', async () => {
  const [group] = await merged(
    groupOf('g', 7n, alertingOf('r', 7n, a, 'firing', alertOf({ job: 'x' }, 'firing', 3n, 'old'))),
    groupOf('g', 9n, alertingOf('r', 9n, b, 'firing', alertOf({ job: 'x' }, 'firing', 5n, 'new'))),
  );
  const [rule] = group!.rules as readonly AlertingRule[];
  assert.deepEqual(rule!.alerts, [alertOf({ job: 'x' }, 'firing', 3n, 'new')]);
});

test('alerts that one replica alone has are kept', async () => {
  const [group] = await merged(
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

test('rules that differ by query are two', async () => {
  const other = { ...recordingOf('r', 9n, b), query: 'down' };
  const [group] = await merged(groupOf('g', 7n, recordingOf('r', 7n, a)), groupOf('g', 9n, other));
  assert.equal(group!.rules.length, 2);
});

describe('replicas that have their rules in files of other names', () => {
  const at = (file: string, group: RuleGroup): RuleGroup => ({ ...group, file });
  const ofA = groupOf('g', 7n, alertingOf('r', 7n, a, 'firing', alertOf({ job: 'x' }, 'firing', 3n)));
  const ofB = groupOf('g', 9n, alertingOf('r', 9n, b, 'firing', alertOf({ job: 'x' }, 'firing', 5n)));

  test('share them: a group appears once, under the first of the files', async () => {
    const groups = await mergedShards([[[at('/etc/a.yml', ofA)], [at('/data/b.yml', ofB)]]]);
    assert.deepEqual(listed(groups), ['/data/b.yml g: r']);
    const [rule] = groups[0]!.rules as readonly AlertingRule[];
    assert.deepEqual(rule!.alerts, [alertOf({ job: 'x' }, 'firing', 3n)]);
    assert.equal(groups[0]!.lastEvaluation, 9n);
  });

  test('stay apart where replicas are to be seen', async () => {
    const groups = await mergedShards([[[at('/etc/a.yml', ofA)], [at('/data/b.yml', ofB)]]], new Set());
    assert.deepEqual(listed(groups), ['/data/b.yml g: r __replica__ b', '/etc/a.yml g: r __replica__ a']);
  });

  test('stay apart where the rules or the names of the groups differ', async () => {
    const other = groupOf('g', 9n, { ...recordingOf('r', 9n, b), query: 'down' });
    const renamed = { ...ofB, name: 'h' };
    for (const group of [other, renamed])
      assert.equal((await mergedShards([[[at('/a', ofA)], [at('/b', group)]]])).length, 2);
  });

  test('are two groups where one replica has them twice', async () => {
    const twice = (group: RuleGroup, ...files: readonly string[]) => files.map((file) => at(file, group));
    const groups = await mergedShards([[twice(ofA, '/a/1', '/a/2'), twice(ofB, '/b/1', '/b/2')]]);
    assert.deepEqual(listed(groups), ['/a/1 g: r', '/a/2 g: r']);
    assert.deepEqual(listed(await mergedShards([[twice(ofA, '/a/1', '/a/2')]])), ['/a/1 g: r', '/a/2 g: r']);
  });

  test('are one group, too, where both stand behind one endpoint', async () => {
    const groups = await mergedShards([[[at('/etc/a.yml', ofA), at('/data/b.yml', ofB)]]]);
    assert.deepEqual(listed(groups), ['/data/b.yml g: r']);
  });

  test('of different shards share the groups of files that they have in common', async () => {
    const of = (shard: string, replica: string) =>
      groupOf('g', 7n, recordingOf('r', 7n, { shard, __replica__: replica }));
    const groups = await mergedShards([
      [[at('/a', of('0', 'a'))], [at('/b', of('0', 'b'))]],
      [[at('/b', of('1', 'b'))]],
      [[at('/c', of('2', 'a'))]],
    ]);
    assert.deepEqual(listed(groups), ['/a g: r shard 0, r shard 1', '/c g: r shard 2']);
  });
});

/** Gives way whenever it is asked, and counts how often. */
class EagerPacer extends Pacer {
  pauses = 0;

  constructor() {
    super(new AbortController());
  }

  override due(): boolean {
    return true;
  }

  override async breathe(): Promise<void> {
    this.pauses++;
  }
}

test('a group that very many files have gives way as often as very many groups do', async () => {
  const pausesFor = async (copy: (group: RuleGroup, i: number) => RuleGroup): Promise<number> => {
    const pacer = new EagerPacer();
    const ofReplica = (replica: typeof a): readonly RuleGroup[] =>
      Array.from({ length: 3000 }, (_, i) => copy(groupOf('g', 1n, recordingOf('r', 1n, replica)), i));
    const groups = await mergeRuleGroups([[ofReplica(a), ofReplica(b)]], REPLICAS, pacer);
    assert.equal(groups.length, 3000);
    return pacer.pauses;
  };
  const inFiles = await pausesFor((group, i) => ({ ...group, file: `f${(i * 7919) % 3000}` }));
  const named = await pausesFor((group, i) => ({ ...group, name: `g${i}` }));
  assert.ok(inFiles >= named, `${inFiles} pauses and ${named}`);
});
