import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HttpClient } from '../../../../src/backend/prometheus/http-client.ts';
import { PROMETHEUS_DEFAULTS } from '../../../../src/backend/prometheus/options.ts';
import { readState } from '../../../../src/backend/prometheus/origins/server-state.ts';
import { ownCall } from '../../../../src/model/request-scope.ts';
import { sendText } from '../../../support/fake-server.ts';
import { startFakePrometheus } from '../../../support/fake-prometheus.ts';

/** What is told by metrics of which one has this value. */
async function stateBy(
  t: TestContext,
  blocks: string,
  onAsked: (names: readonly string[]) => void = () => undefined,
): Promise<string> {
  const metrics =
    '# HELP a b\nprometheus_config_last_reload_successful 1\nprocess_start_time_seconds 1.7e+09\n' +
    'prometheus_config_last_reload_success_timestamp_seconds 1.8e+09\n' +
    `prometheus_tsdb_blocks_loaded ${blocks}\nprometheus_tsdb_storage_blocks_bytes 5`;
  const server = await startFakePrometheus({
    '/metrics': ({ parameters }, response) => {
      onAsked(parameters.getAll('name[]'));
      sendText(response, 200, 'text/plain', metrics);
    },
  });
  t.after(() => server.close());
  const client = new HttpClient({ ...PROMETHEUS_DEFAULTS, url: server.url });
  t.after(() => client.close());
  return ownCall(new AbortController().signal, (scope) => readState(client, scope));
}

test('the state of a server is made of what its metrics say', async (t) => {
  assert.equal(await stateBy(t, '3'), '1.7e+09 1.8e+09 3 5');
});

test('a server is asked for the metrics that tell its state, and for no others', async (t) => {
  const asked: string[] = [];
  await stateBy(t, '3', (names) => asked.push(...names));
  assert.deepEqual(asked.toSorted(), [
    'process_start_time_seconds',
    'prometheus_config_last_reload_success_timestamp_seconds',
    'prometheus_config_last_reload_successful',
    'prometheus_tsdb_blocks_loaded',
    'prometheus_tsdb_storage_blocks_bytes',
  ]);
});

test('a metric without a number is no state: it would be kept as long as what is proven by it', async (t) => {
  await assert.rejects(stateBy(t, '3'.repeat(1000)), {
    kind: 'bad_data',
    message: /its metrics have no number for prometheus_tsdb_blocks_loaded$/,
  });
});
