import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { encodeExemplars } from '../../../src/http/routes/exemplars.ts';
import { serverWith } from '../support.ts';

test('exemplars are shown as Prometheus does', async () => {
  const exemplars: GatewayLists['exemplars'] = async () => ({
    items: [
      {
        labels: labelsFromRecord({ __name__: 'h' }),
        exemplars: [{ labels: labelsFromRecord({ trace_id: 'q' }), value: 6, t: 1_600_096_945_479 }],
      },
    ],
    annotations: [],
    hasSelectors: true,
  });
  assert.equal(
    (await serverWith({ exemplars }).inject('/api/v1/query_exemplars?query=h')).body,
    '{"status":"success","data":[{"seriesLabels":{"__name__":"h"},"exemplars":[{"labels":{"trace_id":"q"},"value":"6","timestamp":1600096945.479}]}]}',
  );
});

test('exemplars of a query that selects nothing are no content', async () => {
  const response = await serverWith({
    exemplars: async () => ({ items: [], annotations: [], hasSelectors: false }),
  }).inject('/api/v1/query_exemplars?query=1');
  assert.deepEqual([response.statusCode, response.body], [204, '']);
});

test('a series of very many exemplars is made in pieces', () => {
  const labels = labelsFromRecord({ __name__: 'h' });
  const exemplars = Array.from({ length: 10_000 }, (_, t) => ({ labels, value: 1, t }));
  const pieces = [...encodeExemplars([{ labels, exemplars }])];
  assert.ok(Math.max(...pieces.map(({ length }) => length)) < 1000);
  const [series] = JSON.parse(pieces.join('')) as readonly { readonly exemplars: readonly unknown[] }[];
  assert.equal(series!.exemplars.length, 10_000);
});
