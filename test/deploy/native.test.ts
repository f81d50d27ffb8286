import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callApi, queryInstant } from '../support/api-client.ts';
import { dashboardQueries } from '../support/dashboards.ts';
import { startProcess, type RunningProcess } from '../support/process.ts';
import { freePort } from '../support/free-port.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { until } from '../support/until.ts';

/** The services of docker-compose.yml that run natively, with the address that each listens on inside its network. */
const ADDRESSES = [
  'node-exporter:9100',
  'prometheus-infra-a:9090',
  'prometheus-infra-b:9090',
  'prometheus-apps-a:9090',
  'prometheus-apps-b:9090',
  'promweave-1:10902',
  'promweave-2:10902',
  'load-balancer:10902',
] as const;

/**
 * A third gateway, which is not in the file: with tenants, caches and an address for administrators, so that each panel of the dashboards has
 * something to show.
 */
const THIRD = {
  tenant: 'apps',
  header: 'x-scope-orgid',
  flags: [
    '--query.enforce-tenancy',
    '--query.tenant-header=x-scope-orgid',
    '--query.tenant-label-name=shard',
    '--query.results-cache.size=16MiB',
    '--query.results-cache.min-fresh=0s',
    '--query.metadata.cache-duration=1m',
  ],
};

/** The configurations of `deploy`, with nothing changed but addresses and the scrape interval. */
describe('the configurations of docker-compose.yml, started natively', () => {
  const ports = new Map<string, number>();
  const servers: PrometheusServer[] = [];
  const processes: RunningProcess[] = [];
  const third = { address: '', admin: '' };
  let folder = '';

  const local = (address: (typeof ADDRESSES)[number]): string => `127.0.0.1:${ports.get(address)}`;
  const url = (address: (typeof ADDRESSES)[number]): string => `http://${local(address)}`;

  async function localized(path: string): Promise<string> {
    let text = await readFile(path, 'utf8');
    for (const address of ADDRESSES) text = text.replaceAll(address, local(address));
    return text.replaceAll('/etc/prometheus/mixin', join(process.cwd(), 'deploy/mixin'));
  }

  async function startShard(shard: 'infra' | 'apps'): Promise<void> {
    const text = await localized(`deploy/prometheus/${shard}.yml`);
    const config = text
      .replace('scrape_interval: 15s', 'scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s')
      .replace(`${local('promweave-2:10902')}]`, `${local('promweave-2:10902')}, '${third.admin}']`);
    for (const replica of ['a', 'b'] as const) {
      servers.push(
        await startPrometheus({
          config,
          port: ports.get(`prometheus-${shard}-${replica}:9090`)!,
          args: ['--enable-feature=expand-external-labels'],
          env: { REPLICA: replica },
        }),
      );
    }
  }

  async function startGateway(
    name: string,
    address: string,
    ready = address,
    flags: readonly string[] = [],
  ): Promise<void> {
    const file = join(folder, `${name}.yml`);
    const text = await localized('deploy/promweave.yml');
    await writeFile(file, text.replace('0.0.0.0:10902', address));
    const gateway = await startProcess(process.execPath, [
      'src/main.ts',
      'serve',
      `--config=${file}`,
      '--grpc-address=127.0.0.1:0',
      '--http-shutdown-delay=0s',
      ...flags,
    ]);
    processes.push(gateway);
    await until(`${name} was ready`, 20_000, async () => isReady(`http://${ready}`));
  }

  /** A range and a list, of which a part is kept the second time. */
  async function askThird(): Promise<void> {
    const end = Math.floor(Date.now() / 1000);
    const range = `query_range?query=up&start=${end - 60}&end=${end}&step=1`;
    for (const path of [range, 'labels', range, 'labels']) {
      const { status } = await fetch(`http://${third.address}/api/v1/${path}`, {
        headers: { [THIRD.header]: THIRD.tenant },
      });
      assert.equal(status, 200, path);
    }
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'promweave-deploy-'));
    for (const address of ADDRESSES) ports.set(address, await freePort());
    third.address = `127.0.0.1:${await freePort()}`;
    third.admin = `127.0.0.1:${await freePort()}`;
    const cache = await freePort();
    processes.push(
      await startProcess(
        '/usr/bin/memcached',
        ['-l', '127.0.0.1', '-p', String(cache), '-m', '32', '-u', 'nobody'],
        'memcached',
      ),
    );
    const listen = `--web.listen-address=${local('node-exporter:9100')}`;
    processes.push(
      await startProcess('/usr/bin/prometheus-node-exporter', [listen], 'prometheus-node-exporter'),
    );
    await Promise.all([startShard('infra'), startShard('apps')]);
    await Promise.all([
      ...(['promweave-1', 'promweave-2'] as const).map(async (name) =>
        startGateway(name, local(`${name}:10902`)),
      ),
      startGateway('third', third.address, third.admin, [
        ...THIRD.flags,
        `--shared-cache.memcached=127.0.0.1:${cache}`,
        `--web.admin-address=${third.admin}`,
      ]),
    ]);
    const balancer = join(folder, 'nginx.conf');
    const nginx = (await localized('deploy/nginx/nginx.conf'))
      .replace('listen 10902', `listen ${local('load-balancer:10902')}`)
      .replaceAll('/tmp/', `${folder}/`);
    await writeFile(balancer, nginx);
    processes.push(
      await startProcess(
        '/usr/sbin/nginx',
        ['-c', balancer, '-e', 'stderr', '-g', 'daemon off;'],
        'nginx-light',
      ),
    );
    await until('every target was scraped by every replica', 60_000, async () => {
      const counts = await queryInstant(url('promweave-1:10902'), 'count by (shard, __replica__) (up == 1)', {
        dedup: false,
      });
      const scraped = counts.data.result.map(({ metric, value }) => [metric['shard'], value[1]].join());
      return scraped.toSorted().join(' ') === 'apps,6 apps,6 infra,3 infra,3';
    });
    await askThird();
  });

  after(async () => {
    await Promise.all(processes.toReversed().map(async (running) => running.stop()));
    await Promise.all(servers.map(async (server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  test('the load balancer reaches a gateway that counts every target once', async () => {
    const { data, warnings } = await queryInstant(
      url('load-balancer:10902'),
      'sort_desc(count by (shard) (up))',
    );
    assert.equal(warnings, undefined);
    assert.deepEqual(
      data.result.map(({ metric, value }) => [metric, value[1]]),
      [
        [{ shard: 'apps' }, '6'],
        [{ shard: 'infra' }, '3'],
      ],
    );
  });

  for (const file of globSync('deploy/grafana/dashboards/*.json')) {
    test(`every query of ${basename(file)} has an answer through the load balancer`, async () => {
      for (const text of dashboardQueries(file, '10s')) {
        await until(`${text} has a result`, 20_000, async () => {
          const { status, data, error } = await queryInstant(url('load-balancer:10902'), text);
          assert.equal(status, 'success', error);
          return data.result.length > 0;
        });
      }
    });
  }

  test('the rules of the mixin are evaluated without an error, and what they record comes through', async () => {
    interface Group {
      readonly rules: readonly {
        readonly name: string;
        readonly health: string;
        readonly lastError?: string;
      }[];
    }
    const groups = async (): Promise<readonly Group[]> =>
      (await callApi<{ readonly groups: readonly Group[] }>(url('load-balancer:10902'), 'rules')).data.groups;
    await until('all rules were evaluated', 20_000, async () =>
      (await groups()).every(({ rules }) => rules.every(({ health }) => health !== 'unknown')),
    );
    const rules = (await groups()).flatMap((group) => group.rules);
    assert.equal(rules.length, 26);
    for (const { name, health, lastError } of rules) assert.equal(health, 'ok', `${name}: ${lastError}`);
    await until('requests were counted', 20_000, async () => {
      const { data } = await queryInstant(url('load-balancer:10902'), 'promweave:queries:rate5m > 0');
      return data.result.length > 0;
    });
  });

  test('what Grafana asks at the start is answered: build information and label values', async () => {
    const build = await callApi<{ readonly version: string }>(url('load-balancer:10902'), 'status/buildinfo');
    assert.match(build.data.version, /^\d+\.\d+\.\d+$/);
    const shards = await callApi<readonly string[]>(url('load-balancer:10902'), 'label/shard/values');
    assert.deepEqual(shards.data, ['apps', 'infra']);
  });
});

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    (response) => response.ok,
    () => false,
  );
}
