import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOver } from '../support.ts';

for (const [url, what] of [
  ['/api/v1/write', /takes no remote write\. Send samples to the Prometheus servers/],
  ['/api/v1/otlp/v1/metrics', /takes no OTLP metrics\. Send samples to/],
  ['/api/v1/admin/tsdb/delete_series?match[]=up', /nothing to delete .*Send this to each Prometheus server/],
  ['/api/v1/admin/tsdb/snapshot', /no snapshot to take/],
] as const)
  test(`POST to ${url} is refused with the place where it belongs, whatever its body is`, async () => {
    const { statusCode, body } = await serverOver({}).inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
      payload: Buffer.alloc(4_000_000),
    });
    assert.equal(statusCode, 403);
    const { errorType, error } = JSON.parse(body) as { readonly errorType: string; readonly error: string };
    assert.equal(errorType, 'forbidden');
    assert.match(error, what);
  });

test('a GET of what only changes data is told the methods', async () => {
  const { statusCode, headers } = await serverOver({}).inject('/api/v1/write');
  assert.equal(statusCode, 405);
  assert.equal(headers['allow'], 'OPTIONS, POST, PUT');
});
