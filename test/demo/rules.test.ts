import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateRules, type EvaluateRange } from '../../src/demo/rules.ts';
import { labelsFromRecord, labelsToRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import type { RuleGroup } from '../../src/model/rules.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const CLOCK = { now: () => NOW + 12_345, monotonic: () => 0 };
const DOWN = labelsFromRecord({ __name__: 'up', job: 'batch', instance: 'b:1' });

/** A target that was down in these minutes before now, and nothing else. */
function downAt(minutes: readonly number[]): EvaluateRange {
  return async ({ text }) => {
    if (text !== 'up == 0') return [];
    const columns = new SampleBuffer();
    for (const minute of minutes.toSorted((a, b) => b - a)) columns.push(NOW - minute * MINUTE, 0);
    return [{ labels: DOWN, columns }];
  };
}

async function groupOf(evaluate: EvaluateRange): Promise<RuleGroup> {
  const [group, ...others] = await evaluateRules(evaluate, CLOCK, 180 * MINUTE);
  assert.deepEqual(others, []);
  return group!;
}

async function statesOf(evaluate: EvaluateRange): Promise<Readonly<Record<string, string>>> {
  const { rules } = await groupOf(evaluate);
  return Object.fromEntries(
    rules.flatMap((rule) => (rule.kind === 'alerting' ? [[rule.name, rule.state]] : [])),
  );
}

test('an alert is pending until it held for its time, and fires then', async () => {
  const long = Array.from({ length: 181 }, (_, i) => i);
  assert.deepEqual(await statesOf(downAt(long)), {
    TargetDown: 'firing',
    TargetDownForADay: 'pending',
    ManyErrors: 'inactive',
    LongQueue: 'inactive',
  });
  assert.equal((await statesOf(downAt([0, 1, 2, 3, 4, 5])))['TargetDown'], 'firing');
  assert.equal((await statesOf(downAt([0, 1, 2, 3, 4])))['TargetDown'], 'pending');
});

test('an alert that held before, or with a pause, holds since the pause', async () => {
  assert.equal((await statesOf(downAt([1, 2, 3, 4, 5, 6])))['TargetDown'], 'inactive');
  const [rule] = (await groupOf(downAt([0, 1, 2, 4, 5, 6, 7, 8]))).rules;
  assert.ok(rule?.kind === 'alerting');
  const [alert] = rule.alerts;
  assert.deepEqual(
    [alert?.state, alert?.activeAt, alert?.value],
    ['pending', BigInt(NOW - 2 * MINUTE) * 1_000_000n, '0e+00'],
  );
  assert.deepEqual(labelsToRecord(alert!.labels), {
    alertname: 'TargetDown',
    severity: 'warning',
    job: 'batch',
    instance: 'b:1',
  });
});

test('rules are evaluated each minute, over all that the demo has', async () => {
  const asked: { start: number; end: number; step: number }[] = [];
  const { lastEvaluation, interval } = await groupOf(async ({ start, end, step }) => {
    asked.push({ start, end, step });
    return [];
  });
  assert.deepEqual([lastEvaluation, interval], [BigInt(NOW) * 1_000_000n, 60]);
  assert.deepEqual(asked[0], { start: NOW - 180 * MINUTE, end: NOW, step: MINUTE });
});
