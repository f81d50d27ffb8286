import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FederateQuery } from '../../../../src/gateway/raw/federate.ts';
import type { Gateway } from '../../../../src/gateway/gateway.ts';
import { remark } from '../../../../src/model/annotations.ts';
import { QueryError } from '../../../../src/model/errors.ts';
import { sample } from '../../../wire/exposition/samples.ts';
import { custom, exponential } from '../../../support/histograms.ts';
import { rawOf, serverOver } from '../../support.ts';

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0';

function telling(warnings: readonly string[], asked: FederateQuery[] = []): Partial<Gateway> {
  const annotations = warnings.map((text) => remark('warning', text));
  return {
    raw: rawOf({
      federate: async (_, query) => {
        asked.push(query);
        return { samples: [sample('up', { instance: 'i' }, 1)], annotations };
      },
    }),
  };
}

test('the selectors and what the format can tell reach the gateway', async () => {
  const asked: FederateQuery[] = [];
  const server = serverOver(telling([], asked));
  const url = '/federate?match[]=up&match[]=%7Bjob%3D%22x%22%7D';
  for (const accept of ['text/plain', OPEN_METRICS]) await server.inject({ url, headers: { accept } });
  assert.deepEqual(asked[0]!.selectors, ['up', '{job="x"}']);
  const histograms = [exponential({}), custom([1], { 0: 1 }), custom([1], { 0: 0.5 })];
  assert.deepEqual(
    asked.map(({ takes }) => histograms.map((h) => takes(h))),
    [
      [false, true, true],
      [false, true, false],
    ],
  );
});

test('warnings are comments of the text, and a header in every format', async () => {
  const server = serverOver(telling(['shard {a="ä"}\nis missing']));
  const text = await server.inject('/federate?match[]=up');
  assert.equal(
    text.headers['content-type'],
    'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
  );
  assert.equal(text.headers['vary'], 'Accept, Accept-Encoding');
  assert.equal(text.headers['x-promweave-warnings'], String.raw`["shard {a=\"\u00e4\"}\nis missing"]`);
  assert.equal(
    text.body,
    '# warning: shard {a="ä"} is missing\n# TYPE up untyped\nup{instance="i"} 1 1795392561907\n',
  );
  const other = await server.inject({ url: '/federate?match[]=up', headers: { accept: OPEN_METRICS } });
  assert.equal(other.headers['x-promweave-warnings'], text.headers['x-promweave-warnings']);
  assert.equal(other.body, '# TYPE up unknown\nup{instance="i"} 1.0 1795392561.907\n# EOF\n');
});

test('failures are plain text, and say when to come again', async () => {
  const failing = (error: QueryError): ReturnType<typeof serverOver> =>
    serverOver({
      raw: rawOf({
        federate: async () => {
          throw error;
        },
      }),
    });
  const bad = await failing(new QueryError('bad_data', '1:1: parse error')).inject('/federate');
  assert.deepEqual([bad.statusCode, bad.body], [400, '1:1: parse error\n']);
  const busy = await failing(new QueryError('overloaded', 'too many')).inject('/federate');
  assert.equal(busy.statusCode, 503);
  assert.match(String(busy.headers['retry-after']), /^\d$/);
});

test('only GET and HEAD are served', async () => {
  const { statusCode, headers } = await serverOver({}).inject({ method: 'POST', url: '/federate' });
  assert.deepEqual([statusCode, headers['allow']], [405, 'GET, HEAD, OPTIONS']);
});
