import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterRules, type RulesSelect } from '../../../src/select/lists/filter-rules.ts';
import { ALL_RULES, alertingOf, alertOf, groupOf, recordingOf } from './rules-support.ts';

const GROUPS = [
  groupOf(
    'g',
    7n,
    recordingOf('r', 7n, { team: 'x' }),
    alertingOf('s', 7n, {}, 'firing', alertOf({}, 'firing', 3n)),
  ),
  { ...groupOf('h', 7n, recordingOf('s', 7n, { team: 'y' })), file: 'other.yml' },
];

function names(request: Partial<RulesSelect>): readonly string[] {
  return filterRules(GROUPS, { ...ALL_RULES, ...request }).flatMap(({ name, rules }) =>
    rules.map((rule) => `${name}/${rule.name}`),
  );
}

test('nothing asked for keeps everything', () => assert.deepEqual(names({}), ['g/r', 'g/s', 'h/s']));

test('by type', () => {
  assert.deepEqual(names({ type: 'alerting' }), ['g/s']);
  assert.deepEqual(names({ type: 'recording' }), ['g/r', 'h/s']);
});

test('by names of rules, groups and files', () => {
  assert.deepEqual(names({ ruleNames: ['s', 'no'] }), ['g/s', 'h/s']);
  assert.deepEqual(names({ groupNames: ['h'] }), ['h/s']);
  assert.deepEqual(names({ files: ['other.yml'], ruleNames: ['r'] }), []);
});

test('by labels: any of the alternatives', () => {
  const team = (value: string) => [{ kind: '=', name: 'team', value } as const];
  assert.deepEqual(names({ matcherSets: [team('x')] }), ['g/r']);
  assert.deepEqual(names({ matcherSets: [team('x'), team('y')] }), ['g/r', 'h/s']);
});

test('without alerts rules keep their state', () => {
  const [group] = filterRules(GROUPS, { ...ALL_RULES, excludeAlerts: true, type: 'alerting' });
  assert.deepEqual(group!.rules, [alertingOf('s', 7n, {}, 'firing')]);
});
