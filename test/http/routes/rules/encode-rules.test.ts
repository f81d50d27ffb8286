import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRuleGroups } from '../../../../src/http/routes/rules/encode-rules.ts';
import { alertingOf, alertOf, groupOf, recordingOf } from '../../../select/lists/rules-support.ts';

const MANY = 10_000;
/** Characters of a rule, or of an alert. */
const MOST_OF_ONE = 1000;

interface GroupJson {
  readonly rules: readonly { readonly alerts?: readonly unknown[] }[];
}

test('neither a group of very many rules nor a rule of very many alerts is made in one piece', () => {
  const rules = Array.from({ length: MANY }, (_, i) => recordingOf(`r${i}`, 0n, {}));
  const alerts = Array.from({ length: MANY }, (_, i) => alertOf({ i: String(i) }, 'firing', 0n));
  const groups = [groupOf('g', 0n, ...rules), groupOf('h', 0n, alertingOf('a', 0n, {}, 'firing', ...alerts))];
  const pieces = [...encodeRuleGroups(groups, true)];
  assert.ok(Math.max(...pieces.map(({ length }) => length)) < MOST_OF_ONE);
  const [large, alerting] = JSON.parse(pieces.join('')) as readonly GroupJson[];
  assert.deepEqual([large!.rules.length, alerting!.rules[0]!.alerts!.length], [MANY, MANY]);
});
