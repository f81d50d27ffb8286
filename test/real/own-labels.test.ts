import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { createBlocks, type TsdbBlocks } from '../support/tsdb-blocks.ts';

/** s since the epoch. */
const END = 1_700_000_000;

/** Series of which some carry the names of the external labels `env` and `replica` themselves. */
const SERIES = [
  'm{app="own"} 1',
  'm{app="federated",env="dev",only="dev"} 1',
  'm{app="same",env="prod"} 1',
  'kafka_lag{topic="t",replica="1"} 10',
  'kafka_lag{topic="t",replica="2"} 20',
  'kafka_lag{topic="t",replica="3"} 30',
];

function openMetrics(): string {
  const lines = ['# TYPE kafka_lag gauge', '# TYPE m gauge'];
  for (const series of SERIES) for (let t = END - 600; t <= END; t += 15) lines.push(`${series} ${t}`);
  return `${[...lines.filter((line) => line.includes('kafka')), ...lines.filter((line) => !line.includes('kafka'))].join('\n')}\n# EOF\n`;
}

let blocks: readonly TsdbBlocks[] = [];
let servers: readonly PrometheusServer[] = [];
let gateway: RunningGateway;

before(async () => {
  blocks = [await createBlocks(openMetrics()), await createBlocks(openMetrics())];
  servers = await Promise.all(
    blocks.map(({ dataDir }, i) =>
      startPrometheus({
        config: `global:\n  external_labels: {env: prod, replica: ${'AB'[i]!}}\n`,
        dataDir,
        args: ['--storage.tsdb.retention.time=50y'],
      }),
    ),
  );
  gateway = await startTestGateway(
    servers.map(({ url }) => url),
    { 'query.replica_labels': ['replica'] },
  );
});

after(async () => {
  await gateway?.close(0);
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(blocks.map((each) => each.remove()));
});

async function ask(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
  const range = path === 'query' ? { time: String(END) } : { start: String(END - 600), end: String(END) };
  const response = await fetch(
    `${gateway.url}/api/v1/${path}?${new URLSearchParams({ ...range, ...parameters }).toString()}`,
  );
  const body = (await response.json()) as { data: unknown; warnings?: readonly string[]; error?: string };
  assert.equal(body.error, undefined);
  assert.equal(body.warnings, undefined);
  return body.data;
}

async function apps(query: string): Promise<readonly string[]> {
  const { result } = (await ask('query', { query })) as {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[];
  };
  return result.map(({ metric }) => `${metric['app']}/${metric['env']}`).sort();
}

async function value(query: string): Promise<string | undefined> {
  const { result } = (await ask('query', { query })) as {
    readonly result: readonly { readonly value: readonly [number, string] }[];
  };
  return result[0]?.value[1];
}

describe('series that carry the name of an external label themselves', () => {
  const QUERIES: readonly (readonly [query: string, series: readonly string[]])[] = [
    ['m', ['federated/dev', 'own/prod', 'same/prod']],
    ['m{env="dev"}', ['federated/dev']],
    ['m{env="prod"}', ['own/prod', 'same/prod']],
    ['m{env!="prod"}', ['federated/dev']],
    ['m{env!="dev"}', ['own/prod', 'same/prod']],
    ['m{env=~"dev|x"}', ['federated/dev']],
    ['m{env!~"prod|x"}', ['federated/dev']],
    ['m{env!~"dev|"}', ['own/prod', 'same/prod']],
    ['m{env=""}', []],
    ['m{env="test"}', []],
  ];
  for (const [query, series] of QUERIES)
    it(`are found by their own value: ${query}`, async () => {
      assert.deepEqual(await apps(query), series);
    });

  it('are not missing to absent()', async () => {
    assert.equal(await value('absent(m{env="dev"})'), undefined);
  });

  it('are among the series, names and values of just the selectors that they match', async () => {
    const match = (selector: string) => ({ 'match[]': selector });
    const series = (await ask('series', match('m{env="dev"}'))) as readonly { readonly app: string }[];
    assert.deepEqual(
      series.map(({ app }) => app),
      ['federated'],
    );
    assert.deepEqual(await ask('label/env/values', match('m{env="prod"}')), ['prod']);
    assert.deepEqual(await ask('label/env/values', match('m{env="dev"}')), ['dev']);
    assert.deepEqual(await ask('label/env/values', match('m')), ['dev', 'prod']);
    assert.deepEqual(await ask('label/only/values', match('m{env="prod"}')), []);
    assert.deepEqual(await ask('label/only/values', match('m{env="dev"}')), ['dev']);
    assert.deepEqual(await ask('labels', match('m{env="prod"}')), ['__name__', 'app', 'env']);
    assert.deepEqual(await ask('labels', match('m{env="dev"}')), ['__name__', 'app', 'env', 'only']);
  });
});

describe('series that carry the name of the replica label as data', () => {
  it('stay apart, while the replicas of each become one', async () => {
    assert.equal(await value('sum(kafka_lag)'), '60');
    assert.equal(await value('count(kafka_lag)'), '3');
    assert.equal(await value('count(m)'), '3');
  });

  it('are found by it', async () => {
    assert.equal(await value('kafka_lag{replica="2"}'), '20');
    assert.equal(await value('count(kafka_lag{replica!="2"})'), '2');
  });

  it('are listed with it', async () => {
    assert.deepEqual(await ask('label/replica/values', {}), ['1', '2', '3']);
    assert.deepEqual(await ask('labels', { 'match[]': 'kafka_lag' }), [
      '__name__',
      'env',
      'replica',
      'topic',
    ]);
  });
});
