import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookupQuery } from '../../../src/gateway/lookup.ts';
import { unescapeLabelName } from '../../../src/http/routes/labels.ts';
import { labelsFrom, labelsFromRecord } from '../../../src/model/labels.ts';
import { serverOver } from '../support.ts';
import { remark } from '../../../src/model/annotations.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import { opening } from '../../support/open-requests.ts';

test('series are label sets', async () => {
  const items = [labelsFromRecord({ __name__: 'up', odd: '<é>' }), labelsFromRecord({ __name__: 'b' })];
  const server = serverOver({ series: async () => ({ items, annotations: [] }) });
  const { body } = await server.inject('/api/v1/series?match[]=up');
  assert.equal(body, '{"status":"success","data":[{"__name__":"up","odd":"<é>"},{"__name__":"b"}]}');
});

test('names and values are lists of strings, with remarks', async () => {
  const annotations = [remark('warning', 'w')];
  const server = serverOver({
    labelNames: async () => ({ items: ['a', 'b'], annotations }),
    labelValues: async (_, label) => ({ items: [label, '<'], annotations: [] }),
  });
  assert.equal(
    (await server.inject('/api/v1/labels')).body,
    '{"status":"success","data":["a","b"],"warnings":["w"]}',
  );
  assert.equal(
    (await server.inject('/api/v1/label/job/values')).body,
    String.raw`{"status":"success","data":["job","\u003c"]}`,
  );
});

test('label names in paths may be escaped, and long', async () => {
  const server = serverOver({ labelValues: async (_, label) => ({ items: [label], annotations: [] }) });
  const valuesOf = async (path: string): Promise<unknown> =>
    (await server.inject(`/api/v1/label/${path}/values`)).json<{ data: unknown }>().data;
  assert.deepEqual(await valuesOf('U__a_2e_b'), ['a.b']);
  assert.deepEqual(await valuesOf('%C3%A9%20x'), ['é x']);
  const long = 'l'.repeat(2000);
  assert.deepEqual(await valuesOf(long), [long]);
});

test('parameters reach the gateway from URL and form', async () => {
  const asked: LookupQuery[] = [];
  const wishes: ReadWishes[] = [];
  const server = serverOver({
    open: opening(wishes),
    series: async (_, query) => {
      asked.push(query);
      return { items: [], annotations: [] };
    },
  });
  await server.inject({
    method: 'POST',
    url: '/api/v1/series?match[]=b&start=1&dedup=0',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'match[]=a&end=2&limit=5',
  });
  assert.deepEqual(asked, [
    {
      selectors: ['a', 'b'],
      minTime: 1000,
      maxTime: 2000,
      limit: 5,
    },
  ]);
  assert.deepEqual(wishes, [
    {
      dedup: false,
      dedupMode: undefined,
      replicaLabels: [],
      partialResponse: undefined,
      endpoints: [],
      showReplaced: undefined,
      pushdown: undefined,
    },
  ]);
});

test('escaped label names are unescaped, wrong escapes are kept', () => {
  assert.equal(unescapeLabelName('U__a_2e_b'), 'a.b');
  assert.equal(unescapeLabelName('U___5f_x__y'), '_x_y');
  assert.equal(unescapeLabelName('U__type'), 'type');
  for (const name of ['job', 'U__a_', 'U__a_zz_', 'U__a_d800_', 'U__a_12345678_', 'U__a_2e']) {
    assert.equal(unescapeLabelName(name), name);
  }
});

test('a label may have the name of what every object has', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const server = serverOver({
      labelValues: async (_, label) => ({ items: [label], annotations: [] }),
      series: async () => ({ items: [labelsFrom([[name, 'v']])], annotations: [] }),
    });
    const values = await server.inject(`/api/v1/label/${name}/values`);
    assert.equal(values.body, `{"status":"success","data":["${name}"]}`);
    const series = await server.inject('/api/v1/series?match[]=up');
    assert.equal(series.body, `{"status":"success","data":[{"${name}":"v"}]}`);
  }
});
