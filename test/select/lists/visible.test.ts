import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelsFromRecord, labelValue } from '../../../src/model/labels.ts';
import type { Alert, AlertingRule, AlertState, RuleGroup } from '../../../src/model/rules.ts';
import { visibleRules, visibleTargets, type Sees } from '../../../src/select/lists/visible.ts';

const seesA: Sees = (labels) => labelValue(labels, 't') === 'a';

function alert(t: string, state: AlertState): Alert {
  const labels = labelsFromRecord({ t, alertname: 'x' });
  return { labels, annotations: [], state, activeAt: undefined, keepFiringSince: undefined, value: '1' };
}

function rule(t: string, state: AlertState, alerts: readonly Alert[]): AlertingRule {
  return {
    kind: 'alerting',
    name: `of ${t}`,
    query: 'up',
    labels: labelsFromRecord({ t }),
    health: 'ok',
    lastError: '',
    evaluationTime: 0,
    lastEvaluation: 0n,
    state,
    duration: 0,
    keepFiringFor: 0,
    annotations: [],
    alerts,
  };
}

function group(...rules: readonly AlertingRule[]): RuleGroup {
  return { name: 'g', file: 'f', rules, interval: 1, limit: 0, evaluationTime: 0, lastEvaluation: 0n };
}

describe('rules that a tenant may see', () => {
  const states = (rules: readonly AlertingRule[], onlyAlerts = false) =>
    visibleRules(group(...rules), seesA, onlyAlerts).rules.map(
      (each) => each.kind === 'alerting' && [each.name, each.state, each.alerts.length],
    );

  it('are those with its labels, in the state of the alerts that it may see', () => {
    assert.deepEqual(
      states([
        rule('a', 'firing', [alert('a', 'pending'), alert('b', 'firing')]),
        rule('a', 'firing', [alert('b', 'firing')]),
        rule('a', 'firing', [alert('a', 'firing')]),
        rule('a', 'unknown', []),
        rule('b', 'firing', [alert('a', 'firing')]),
      ]),
      [
        ['of a', 'pending', 1],
        ['of a', 'inactive', 0],
        ['of a', 'firing', 1],
        ['of a', 'unknown', 0],
      ],
    );
  });

  it('do not matter where alerts alone are answered', () => {
    assert.deepEqual(states([rule('b', 'firing', [alert('a', 'firing'), alert('b', 'firing')])], true), [
      ['of b', 'firing', 1],
    ]);
  });

  it('give their labels to alerts that do not have them', () => {
    const bare = { ...alert('a', 'firing'), labels: labelsFromRecord({ alertname: 'x' }) };
    assert.deepEqual(states([rule('a', 'firing', [bare])]), [['of a', 'firing', 1]]);
    assert.deepEqual(states([rule('b', 'firing', [bare])], true), []);
  });
});

describe('targets that a tenant may see', () => {
  it('are those with its labels, and of others not even the count is told', () => {
    const dropped = ['a', 'b'].map((t) => ({ discoveredLabels: labelsFromRecord({ t }), scrapePool: t }));
    const found = visibleTargets({ active: [], dropped, droppedCounts: new Map([['b', 7]]) }, seesA);
    assert.deepEqual(found, { active: [], dropped: [dropped[0]], droppedCounts: undefined });
  });
});
