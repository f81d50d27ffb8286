import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { encodeChunkedFrames } from '../../../src/wire/remote-read/streamed.ts';
import { queryInstant } from '../../support/api-client.ts';
import { STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { startLoad, type LoadGateway, type LoadServers } from '../../support/load/load-servers.ts';
import { WIDE_END, WIDE_METRIC } from '../../support/load/wide.ts';
import { probeHealth } from '../../support/probe-health.ts';
import { until } from '../../support/until.ts';
import { EU_A, gatewayOver, startReplica } from '../failures/support.ts';
import { metricOf, queryFrom } from './support.ts';

const SERIES = 20_000;
const AT_ONCE = 20;
/** A process with the series of so many answers on its heap, some 1.5 kB each, would need 1.2 GB. */
const SMALL_HEAP = ['--max-semi-space-size=16', '--max-old-space-size=128'];
const MB = 1e6;

describe('queries over very many series', () => {
  let load: LoadServers;
  before(async () => {
    load = await startLoad(SERIES, 'wide');
  });
  after(() => load.stop());

  const askAll = (gateway: LoadGateway): Promise<readonly Response[]> =>
    Promise.all(
      Array.from({ length: AT_ONCE }, () => {
        const parameters = new URLSearchParams({
          query: `count(${WIDE_METRIC})`,
          time: `${WIDE_END / 1000}`,
        });
        return fetch(`${gateway.url}/api/v1/query?${parameters.toString()}`);
      }),
    );

  it('are all answered right, on a small heap, while the health is asked', async (t) => {
    const gateway = await load.startGateway(load.urls, SMALL_HEAP, { 'query.max_memory': '400MiB' });
    const { value: answers, longest } = await probeHealth(gateway.url, () => askAll(gateway));
    for (const answer of answers) {
      const { data, warnings } = (await answer.json()) as {
        readonly data: { readonly result: readonly { readonly value: readonly unknown[] }[] };
        readonly warnings?: readonly string[];
      };
      assert.deepEqual([data.result[0]?.value[1], warnings], [String(SERIES), undefined]);
    }
    const peak = (await gateway.peakBytes()) / MB;
    t.diagnostic(`health waited ${Math.round(longest)} ms at most; peak ${Math.round(peak)} MB`);
    assert.ok(longest < 3000, `health waited ${longest} ms`);
    assert.ok(peak < 600, `${peak} MB were held`);
  });

  it('fail one by one where together they need more memory than there is', async () => {
    const gateway = await load.startGateway(load.urls, SMALL_HEAP, {
      'query.max_memory': '24MiB',
      'query.max_memory_per_query': '12MiB',
    });
    const answers = await askAll(gateway);
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(
      [...new Set(statuses)].filter((status) => status !== 200 && status !== 503),
      [],
    );
    assert.ok(statuses.includes(200), 'the first ones had room');
    for (const { status, headers } of answers)
      assert.match(headers.get('retry-after') ?? 'none', status === 503 ? /^[3-8]$/ : /^none$/);
    await until('all of it was given back', 10_000, async () => {
      return (await metricOf(gateway.url, 'promweave_request_memory_bytes')) === 0;
    });
    const { data } = await queryInstant(gateway.url, `count(${WIDE_METRIC})`, { time: WIDE_END / 1000 });
    assert.equal(JSON.stringify(data).includes(`"${SERIES}"`), true);
  });
});

it('an answer that never ends is refused at the limit of the request, and leaves nothing behind', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], {
    refresh_interval: '1h',
    'query.max_memory_per_query': '4MiB',
  });
  let sent = 0;
  replica.fault.all = (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    const more = (): void => {
      while (!response.destroyed && response.write(framesOfSeries(sent++)));
    };
    response.on('drain', more);
    more();
  };
  const { status, body } = await queryFrom(gateway, 'm');
  assert.equal(status, 422);
  assert.match(body, /more memory than the limit of 4MiB \(--query\.max-memory-per-query\)/);
  await until('all of it was given back', 10_000, async () => {
    return (await metricOf(gateway, 'promweave_request_memory_bytes')) === 0;
  });
});

/** A hundred series of one sample each, no two alike. */
function framesOfSeries(part: number): Buffer {
  const chunk = { encoding: 1, minTime: 0, maxTime: 0, data: Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
  const series = Array.from({ length: 100 }, (_, i) => ({
    labels: labelsFromRecord({ __name__: 'm', i: String(part * 100 + i) }),
    chunks: [chunk],
  }));
  return Buffer.concat([...encodeChunkedFrames(series)]);
}
