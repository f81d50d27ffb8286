import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { request } from 'undici';
import { Client, credentials, status } from '@grpc/grpc-js';
import { callStream } from '../../grpc/support.ts';
import { startLoad, type LoadGateway, type LoadServers } from '../../support/load/load-servers.ts';
import { probeHealth } from '../../support/probe-health.ts';

const MB = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=x';

/** On a loaded machine; what is measured is 10 to 130 ms, of three requests at once. */
const MOST_WAIT_MS = 3000;

interface Attack {
  readonly what: string;
  readonly path: string;
  readonly body: string;
  readonly type?: string;
  readonly expected: number;
}

const PART = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';

const ATTACKS: readonly Attack[] = [
  { what: '800,000 match[]', path: 'series', body: 'match[]=up&'.repeat(800_000), expected: 413 },
  { what: '180,000 match[]', path: 'series', body: 'match[]=up&'.repeat(180_000), expected: 400 },
  { what: '9000 match[]', path: 'series', body: 'match[]=up&'.repeat(9000), expected: 400 },
  { what: '500 match[]', path: 'series', body: 'match[]=up&'.repeat(500), expected: 200 },
  { what: 'a million empty parameters', path: 'query', body: '&'.repeat(MB), expected: 400 },
  { what: 'a million parameters', path: 'query', body: 'a&'.repeat(MB - 10), expected: 400 },
  { what: '10,000 parameters', path: 'query', body: `query=1${'&a=%41%42'.repeat(9999)}`, expected: 200 },
  { what: '3 MB of plus signs', path: 'query', body: `query=${'+'.repeat(3 * MB - 7)}1`, expected: 200 },
  { what: '3 MB of escapes', path: 'query', body: `query=${'%20'.repeat(MB - 4)}1`, expected: 200 },
  {
    what: '40,000 parts',
    path: 'query',
    body: `${PART.repeat(40_000)}--x--`,
    type: MULTIPART,
    expected: 400,
  },
  {
    what: 'a part with 100,000 header lines',
    path: 'query',
    body: `--x\r\n${'A: b\r\n'.repeat(100_000)}\r\n--x--`,
    type: MULTIPART,
    expected: 400,
  },
];

/** Fields of SeriesRequest: a matcher `a="b"`, and such as hold nothing. */
const MATCHER = Uint8Array.of(0x1a, 6, 0x12, 1, 0x61, 0x1a, 1, 0x62);
const REPLICA_LABEL = Uint8Array.of(0x72, 0);
const HINTS = Uint8Array.of(0x62, 0);

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

describe('requests of very many parameters', () => {
  let load: LoadServers;
  let gateway: LoadGateway;
  before(async () => {
    load = await startLoad(100);
    gateway = await load.startGateway(load.urls);
  });
  after(() => load.stop());

  for (const { what, path, body, type = FORM, expected } of ATTACKS)
    it(`${what}: ${expected}`, async (t) => {
      const { value, longest } = await probeHealth(gateway.url, async () => {
        return Promise.all(
          [1, 2, 3].map(async () => {
            const answer = await request(`${gateway.url}/api/v1/${path}`, {
              method: 'POST',
              headers: { 'content-type': type },
              body,
            });
            await answer.body.text();
            return answer.statusCode;
          }),
        );
      });
      t.diagnostic(`/-/healthy waited ${longest.toFixed(0)} ms at most`);
      assert.deepEqual(value, [expected, expected, expected]);
      assert.ok(longest < MOST_WAIT_MS, `/-/healthy waited ${longest} ms`);
    });

  for (const [what, bytes, times] of [
    ['250,000 matchers', MATCHER, 250_000],
    ['a million replica labels', REPLICA_LABEL, MB - 1],
    ['a million hints', HINTS, MB - 1],
  ] as const)
    it(`over gRPC, ${what} are refused`, async (t) => {
      const client = new Client(gateway.grpcAddress, credentials.createInsecure());
      t.after(() => client.close());
      const message = repeated(bytes, times);
      const { value, longest } = await probeHealth(gateway.url, () =>
        callStream(client, '/thanos.Store/Series', message),
      );
      t.diagnostic(`/-/healthy waited ${longest.toFixed(0)} ms at most`);
      assert.equal(value.code, status.INVALID_ARGUMENT);
      assert.ok(longest < MOST_WAIT_MS, `/-/healthy waited ${longest} ms`);
    });
});
