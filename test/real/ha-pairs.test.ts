import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { compareStrings } from '../../src/model/compare-strings.ts';
import { callApi, queryInstant, queryRange } from '../support/api-client.ts';
import { startMetricsTarget, type MetricsTarget } from '../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

const PER_SECOND = 100;
const SECOND = 1000;

/** Two shards of two replicas over three targets whose counter grows by 100 a second; shard 0's replica a goes away. */
describe('two HA pairs of real Prometheus servers', () => {
  const started = Date.now();
  const servers = new Map<string, PrometheusServer>();
  let targets: readonly MetricsTarget[] = [];
  let folder = '';
  let gateway: RunningGateway;
  let outage: { readonly from: number; readonly to: number };

  async function startReplica(shard: number, replica: string, port?: number): Promise<void> {
    const scraped = shard === 0 ? targets.slice(0, 2) : targets.slice(2);
    const name = `${shard}${replica}`;
    const server = await startPrometheus({
      config: configOf(shard, replica, scraped),
      dataDir: join(folder, name),
      ...(port !== undefined && { port }),
    });
    servers.set(name, server);
  }

  /** Newest sample of the counter that a replica has, ms. */
  async function newest(name: string): Promise<number> {
    const answer = await queryInstant(servers.get(name)!.url, 'timestamp(work_total)');
    return Math.max(0, ...answer.data.result.map(({ value }) => Number(value[1]) * SECOND));
  }

  async function untilScraped(name: string, time: number): Promise<void> {
    await until(`${name} scraped`, 30_000, async () => (await newest(name)) >= time);
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'promweave-pairs-'));
    // Each sample says itself when it is from: however late a busy machine scrapes, it lies on the line.
    const exposition = (): string => {
      const now = Date.now();
      return `# TYPE work_total counter\nwork_total ${((now - started) / SECOND) * PER_SECOND} ${now}\n`;
    };
    targets = await Promise.all([0, 1, 2].map(() => startMetricsTarget(exposition)));
    await Promise.all([
      startReplica(0, 'a'),
      startReplica(0, 'b'),
      startReplica(1, 'a'),
      startReplica(1, 'b'),
    ]);
    gateway = await startTestGateway([...servers.values()].map(({ url }) => url));
    const names = [...servers.keys()];
    await Promise.all(names.map((name) => untilScraped(name, started + 16 * SECOND)));

    const leaving = servers.get('0a')!;
    const from = Date.now();
    await leaving.stop();
    await untilScraped('0b', from + 7 * SECOND);
    outage = { from, to: Date.now() };
    await startReplica(0, 'a', leaving.port);
    await Promise.all(names.map((name) => untilScraped(name, outage.to + 7 * SECOND)));
  });

  after(async () => {
    await gateway?.close(0);
    await Promise.all([...servers.values()].map(async (server) => server.stop()));
    await Promise.all(targets.map(async (target) => target.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  function overTheOutage(): { readonly start: number; readonly end: number; readonly step: number } {
    return { start: Math.ceil(outage.from / SECOND) - 2, end: Math.floor(outage.to / SECOND) + 5, step: 1 };
  }

  test('the outage was real: replica a alone has a hole', async () => {
    const { url } = servers.get('0a')!;
    const { data } = await queryRange(url, 'count(rate(work_total[3s]))', overTheOutage());
    const steps = overTheOutage().end - overTheOutage().start + 1;
    const { length } = data.result[0]!.values;
    assert.ok(length > 0 && length <= steps - 4, `${length} of ${steps} steps`);
  });

  test('the report of coverage tells the outage of replica a, of both targets, and that replica b has it', async (t) => {
    const fresh = await startTestGateway([...servers.values()].map(({ url }) => url));
    t.after(() => fresh.close(0));
    interface Holes {
      readonly holes: readonly {
        readonly start: number;
        readonly end: number;
        readonly kind: string;
        readonly targets: number;
        readonly heldBy?: readonly string[];
      }[];
    }
    interface Report {
      readonly shards: readonly {
        readonly endpoints: readonly {
          readonly endpoint: string;
          readonly coverage: string;
          readonly holes: Holes;
          readonly lacks: Holes;
        }[];
      }[];
    }
    const idOf = (name: string): string => servers.get(name)!.url;
    let endpoints: Report['shards'][number]['endpoints'] = [];
    await until('the scrapes are known', 20_000, async () => {
      const { data } = await callApi<Report>(fresh.url, 'status/coverage', {});
      endpoints = data.shards.flatMap((shard) => shard.endpoints);
      return endpoints.length === 4 && endpoints.every(({ coverage }) => coverage !== 'unknown');
    });
    const { coverage, holes, lacks } = endpoints.find(({ endpoint }) => endpoint === idOf('0a'))!;
    assert.equal(coverage, 'lacks');
    const inOutage = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
      start < outage.to / SECOND && end > outage.from / SECOND;
    const told = lacks.holes.filter(inOutage);
    assert.deepEqual(
      told.map(({ kind, targets: count, heldBy }) => [kind, count, heldBy]),
      [['away', 2, [idOf('0b')]]],
    );
    const { start, end } = told[0]!;
    assert.ok(start >= outage.from / SECOND - 4 && start <= outage.from / SECOND + 1, `from ${start}`);
    assert.ok(end >= outage.to / SECOND - 1, `to ${end}`);
    assert.equal(holes.holes.filter(inOutage).length, 1);
    const sibling = endpoints.find(({ endpoint }) => endpoint === idOf('0b'))!;
    assert.deepEqual(sibling.lacks.holes.filter(inOutage), []);
  });

  test('count(up) counts every target once at every step', async () => {
    const { data, warnings } = await queryRange(gateway.url, 'count(up)', overTheOutage());
    const { start, end } = overTheOutage();
    assert.deepEqual(warnings, undefined);
    assert.deepEqual(
      data.result[0]!.values,
      Array.from({ length: end - start + 1 }, (_, i) => [start + i, '3']),
    );
  });

  /** The sum over the targets of `rate` or the like, at each step of the outage. */
  async function summed(query: string): Promise<readonly (readonly [time: number, sum: number])[]> {
    const { data } = await queryRange(gateway.url, `sum(${query})`, overTheOutage());
    const { start, end } = overTheOutage();
    const { values } = data.result[0]!;
    assert.equal(values.length, end - start + 1);
    return values.map(([time, sum]) => [time, Number(sum)]);
  }

  test('between any two neighbouring samples the counters grow as the targets do', async () => {
    for (const [time, sum] of await summed('irate(work_total[3s])'))
      assert.ok(
        Math.abs(sum / (3 * PER_SECOND) - 1) < 1e-9,
        `${sum} at ${time} instead of ${3 * PER_SECOND}`,
      );
  });

  test('the summed rate over the outage is that of the targets, without hole or double counting', async () => {
    // Where the samples next to a window's ends are more than 1.1 intervals away, rate() does not extrapolate to the
    // end: at a seam of two replicas that is up to one interval in six, of two targets in three.
    for (const [time, sum] of await summed('rate(work_total[6s])'))
      assert.ok(
        Math.abs(sum / (3 * PER_SECOND) - 1) < 0.15,
        `${sum} at ${time} instead of ${3 * PER_SECOND}`,
      );
  });

  test('series and labels carry the shard and hide the replica', async () => {
    const range = { start: outage.from / SECOND, end: outage.to / SECOND };
    const series = await callApi<readonly Record<string, string>[]>(gateway.url, 'series', {
      'match[]': 'up',
      ...range,
    });
    assert.deepEqual(
      series.data.map(({ shard, cluster }) => `${cluster} ${shard}`).toSorted(compareStrings),
      ['test 0', 'test 0', 'test 1'],
    );
    assert.ok(series.data.every((labels) => !('__replica__' in labels)));
    const labels = await callApi<readonly string[]>(gateway.url, 'labels', range);
    assert.deepEqual(labels.data, ['__name__', 'cluster', 'instance', 'job', 'shard']);
    const values = await callApi<readonly string[]>(gateway.url, 'label/shard/values', range);
    assert.deepEqual(values.data, ['0', '1']);
  });

  test('dedup=false shows both replicas', async () => {
    const { data } = await queryInstant(gateway.url, 'count by (__replica__) (up)', { dedup: false });
    assert.deepEqual(
      data.result.map(({ metric, value }) => [metric['__replica__'], value[1]]),
      [
        ['a', '3'],
        ['b', '3'],
      ],
    );
  });

  test('a replica that is down costs nothing and is named as an info, a lost shard is a warning or an error', async () => {
    await servers.get('1a')!.stop();
    // A short lookback, since a busy machine may hold up scrapes for seconds while everything starts.
    const at = { time: outage.to / SECOND, lookback_delta: '4s' };
    const without = await queryInstant(gateway.url, 'count(up)', { ...at, show_replaced: true });
    assert.equal(without.data.result[0]!.value[1], '3');
    assert.equal(without.warnings, undefined);
    assert.match(without.infos!.join(), new RegExp(servers.get('1a')!.url));

    await servers.get('1b')!.stop();
    const partial = await queryInstant(gateway.url, 'count(up)', at);
    assert.equal(partial.data.result[0]!.value[1], '2');
    assert.match(partial.warnings!.join(), /shard.*1/);
    assert.match(partial.warnings!.join(), new RegExp(servers.get('1b')!.url));

    const strict = await queryInstant(gateway.url, 'count(up)', { partial_response: false });
    assert.deepEqual([strict.httpStatus, strict.errorType], [503, 'unavailable']);
    assert.equal(strict.error, partial.warnings!.join('; '));
  });

  test('a replica does not replace a lost one for the time that it was away itself', async () => {
    await servers.get('0b')!.stop();
    const answer = await queryRange(gateway.url, 'count(up{shard="0"})', overTheOutage());
    const [warning = '', ...others] = answer.warnings ?? [];
    assert.deepEqual(others, []);
    assert.match(warning, new RegExp(`${servers.get('0b')!.url} did not answer`));
    const [, from, to] = /was away itself from (\S+) to (\S+)$/.exec(warning) ?? [];
    assert.ok(Math.abs(Date.parse(from!) - outage.from) < 3 * SECOND, warning);
    assert.ok(Date.parse(to!) >= outage.to, warning);
  });
});

function configOf(shard: number, replica: string, targets: readonly MetricsTarget[]): string {
  return `
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  external_labels: { cluster: test, shard: "${shard}", __replica__: ${replica} }
scrape_configs:
  - job_name: work
    static_configs: [{ targets: [${targets.map(({ address }) => `"${address}"`).join(', ')}] }]
`;
}
