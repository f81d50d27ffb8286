import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import { startMetricsTarget, type MetricsTarget } from '../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

/** Debian's Prometheus is older than names in quotes, so it refuses selectors that have some. */
describe('a real Prometheus 2 that is asked with names in quotes', () => {
  let target: MetricsTarget;
  let server: PrometheusServer;
  let gateway: RunningGateway;

  before(async () => {
    target = await startMetricsTarget(() => 'answer 42\n');
    server = await startPrometheus({
      config: `
global: { scrape_interval: 1s, external_labels: { cluster: eu } }
scrape_configs: [{ job_name: x, static_configs: [{ targets: ['${target.address}'] }] }]
`,
    });
    gateway = await startTestGateway([server.url], { 'query.partial_response': false });
    await until('the target was scraped', 30_000, async () => {
      return (await queryInstant(gateway.url, 'answer')).data.result.length > 0;
    });
  });

  after(async () => {
    await gateway?.close(0);
    await server?.stop();
    await target?.stop();
  });

  for (const [selector, isThere] of [
    ['{"http.status"="200"}', false],
    ['{__name__="answer","http.status"=~".+"}', false],
    ['{__name__="answer","http.status"!="200"}', true],
    ['{"answer","http.status"=""}', true],
  ] as const)
    it(`${selector} ${isThere ? 'finds what it has' : 'finds nothing, and nothing is missing'}`, async () => {
      const match = { 'match[]': selector };
      const answers = {
        series: await callApi<readonly unknown[]>(gateway.url, 'series', match),
        labels: await callApi<readonly unknown[]>(gateway.url, 'labels', match),
        values: await callApi<readonly unknown[]>(gateway.url, 'label/job/values', match),
        exemplars: await callApi<readonly unknown[]>(gateway.url, 'query_exemplars', { query: selector }),
        metadata: await callApi<readonly unknown[]>(gateway.url, 'targets/metadata', {
          match_target: '{"http.status"="200"}',
        }),
      };
      for (const [call, { error, warnings }] of Object.entries(answers))
        assert.deepEqual([call, error, warnings], [call, undefined, undefined]);
      for (const call of ['series', 'labels', 'values'] as const)
        assert.equal(answers[call].data.length > 0, isThere, call);
      const { data, warnings } = await queryInstant(gateway.url, selector);
      assert.equal(data.result.length > 0, isThere);
      assert.equal(warnings, undefined);
    });

  it('lists no values of a label with such a name', async () => {
    const { data, warnings } = await callApi(gateway.url, 'label/U__http_2e_status/values');
    assert.deepEqual([data, warnings], [[], undefined]);
  });
});
