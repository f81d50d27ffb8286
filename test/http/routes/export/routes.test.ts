import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExportQuery } from '../../../../src/gateway/raw/export.ts';
import { remark } from '../../../../src/model/annotations.ts';
import { NOW, rawOf, serverOver } from '../../support.ts';
import { seriesOf } from './series.ts';

function exporting(
  asked: ExportQuery[] = [],
  warnings: readonly string[] = [],
): ReturnType<typeof serverOver> {
  return serverOver({
    raw: rawOf({
      export: async (_, query) => {
        asked.push(query);
        const annotations = warnings.map((text) => remark('warning', text));
        return { series: [seriesOf({ __name__: 'up' }, [1])], annotations };
      },
    }),
  });
}

test('parameters reach the gateway from URL and form, and the end is now where it is left out', async () => {
  const asked: ExportQuery[] = [];
  const server = exporting(asked);
  await server.inject('/api/v1/export?match[]=up&start=1');
  await server.inject({
    method: 'POST',
    url: '/api/v1/export?match[]=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'match[]=a&start=1&end=2.5',
  });
  assert.deepEqual(asked, [
    { selectors: ['up'], minTime: 1000, maxTime: NOW },
    { selectors: ['a', 'b'], minTime: 1000, maxTime: 2500 },
  ]);
});

test('the format is lines of JSON, or CSV where that is asked for', async () => {
  const server = exporting();
  const json = await server.inject('/api/v1/export?match[]=up&start=1');
  assert.equal(json.headers['content-type'], 'application/stream+json; charset=utf-8');
  assert.equal(json.body, '{"metric":{"__name__":"up"},"values":[1],"timestamps":[1000]}\n');
  const csv = await server.inject('/api/v1/export?match[]=up&start=1&format=csv');
  assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8; header=present');
  assert.equal(csv.body, 'series,timestamp,value\r\nup,1000,1\r\n');
});

test('a header says what is missing', async () => {
  const { headers } = await exporting([], ['shard x is missing']).inject('/api/v1/export?match[]=up&start=1');
  assert.equal(headers['x-promweave-warnings'], '["shard x is missing"]');
});

test('a start must be there, and a format that is known', async () => {
  const server = exporting();
  for (const [parameters, message] of [
    ['match[]=up', 'invalid parameter "start": cannot parse "" to a valid timestamp'],
    ['match[]=up&start=1&format=xml', 'invalid parameter "format": unknown format "xml": use json or csv'],
  ]) {
    const answer = await server.inject(`/api/v1/export?${parameters}`);
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(answer.json(), { status: 'error', errorType: 'bad_data', error: message });
  }
});
