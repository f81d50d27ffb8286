import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_CONTROL } from '../../../src/http/control.ts';
import { offeredLanguage } from '../../../src/promql/offered.ts';
import { recordedAvailable, SHARED_RECORDING } from '../../support/recorded.ts';
import { recordedCalls } from '../recorded-calls.ts';
import { serverOver } from '../support.ts';

type Features = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

async function featuresWith(...names: readonly string[]): Promise<Features> {
  const language = () => offeredLanguage(new Set(names));
  const control = { ...NO_CONTROL, isEnabled: () => true };
  const { body } = await serverOver({ language }, { control }).inject('/api/v1/features');
  return (JSON.parse(body) as { readonly data: Features }).data;
}

test('of PromQL the same is offered as by Prometheus 3.14', async (t) => {
  if (!recordedAvailable('features of Prometheus 3.14')) return t.skip('the recording is absent');
  const call = recordedCalls(SHARED_RECORDING).find(({ path }) => path === '/api/v1/features')!;
  const recorded = (JSON.parse(call.body) as { readonly data: Features }).data;
  const offered = await featuresWith();
  for (const group of ['promql', 'promql_functions', 'promql_operators'])
    assert.deepEqual(offered[group], recorded[group], group);
});

test('features that are on are offered', async () => {
  const {
    promql,
    promql_functions: functions,
    promql_operators: operators,
  } = await featuresWith(
    'promql-experimental-functions',
    'promql-binop-fill-modifiers',
    'promql-extended-range-selectors',
  );
  assert.deepEqual([promql!['fill'], promql!['anchored'], promql!['per_step_stats']], [true, true, false]);
  assert.deepEqual([functions!['mad_over_time'], operators!['limitk']], [true, true]);
});

test('nothing can be written, and the process can be controlled where that is allowed', async () => {
  const { api } = await featuresWith();
  assert.deepEqual([api!['remote_write_receiver'], api!['admin'], api!['lifecycle']], [false, false, true]);
});
