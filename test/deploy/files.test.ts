import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { USUAL_PLACES } from '../../src/cli/jemalloc.ts';
import { loadConfig } from '../../src/config/load.ts';
import { composeProblems } from '../support/compose/compose-problems.ts';
import { assertConfined, assertOnLoopback, type Confinement } from './confined.ts';

interface ComposeService extends Confinement {
  readonly build?: { readonly dockerfile: string };
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = new Map(Object.entries(compose.services));
/** A chart has names, templates and a schema of its own: test/deploy/chart looks at them. */
const deployed = globSync('deploy/**/*', { withFileTypes: true, exclude: ['deploy/helm/**'] })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.replace(`${process.cwd()}/`, ''));

/** Instructions of a Dockerfile, continuation lines joined. */
function dockerfile(path: string): readonly (readonly [instruction: string, rest: string])[] {
  const text = readFileSync(path, 'utf8').replaceAll(/\\\n/g, ' ');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => [line.split(' ')[0]!, line.slice(line.indexOf(' ') + 1).trim()] as const);
}

test('every file of deploy is of a kind that is checked here', () => {
  assert.ok(deployed.length >= 8, `found only ${deployed.join(', ')}`);
  const checked = new Set(['.yml', '.json', '.conf', '.service']);
  // `test/topologies` checks those.
  const elsewhere = (path: string): boolean => path.startsWith('deploy/topologies/');
  assert.deepEqual(
    deployed.filter(
      (path) => !checked.has(extname(path)) && path !== 'deploy/Dockerfile' && !elsewhere(path),
    ),
    [],
  );
});

test('YAML and JSON files of deploy parse', () => {
  for (const path of deployed) {
    const text = readFileSync(path, 'utf8');
    if (path.endsWith('.yml'))
      for (const document of parseAllDocuments(text)) {
        assert.deepEqual(document.errors, [], path);
        assert.equal(typeof document.toJS(), 'object', path);
      }
    if (path.endsWith('.json')) assert.equal(typeof JSON.parse(text), 'object', path);
  }
});

test('docker-compose.yml is as the Compose Specification has it', () => {
  assert.deepEqual(composeProblems(readFileSync('docker-compose.yml', 'utf8')), []);
});

test('services mount files that exist and depend on services that exist', () => {
  for (const [name, { volumes = [], depends_on: needed = [], build }] of services) {
    for (const volume of volumes) {
      const [source] = volume.split(':');
      const isThere = source!.startsWith('.') ? existsSync(source!) : Object.hasOwn(compose.volumes, source!);
      assert.ok(isThere, `${name} mounts ${volume}`);
    }
    for (const other of needed) assert.ok(services.has(other), `${name} depends on ${other}`);
    if (build !== undefined) assert.ok(existsSync(build.dockerfile), `${name} builds ${build.dockerfile}`);
  }
});

test('every host that a configuration of Docker Compose names is a service', () => {
  const composed = deployed.filter((path) => !/^deploy\/(kubernetes|topologies)\//.test(path));
  const hosts = composed.flatMap((path) => [
    ...readFileSync(path, 'utf8').matchAll(/\b((?:prometheus|promweave|node|load)-[a-z0-9-]+):\d+/g),
  ]);
  assert.ok(hosts.length >= 12, `found only ${hosts.length} hosts`);
  assert.deepEqual(
    hosts.map(([, host]) => host!).filter((host) => !services.has(host)),
    [],
  );
});

test('there are two HA pairs, two gateways, a load balancer and Grafana', () => {
  const pairs = [...services].filter(([name]) => name.startsWith('prometheus-'));
  assert.deepEqual(
    pairs.map(([, { volumes, environment }]) => [volumes![0]!.split(':')[0], environment!['REPLICA']]),
    ['infra', 'apps'].flatMap((shard) =>
      ['a', 'b'].map((replica) => [`./deploy/prometheus/${shard}.yml`, replica]),
    ),
  );
  for (const name of ['promweave-1', 'promweave-2', 'load-balancer', 'grafana'])
    assert.ok(services.has(name), name);
});

test('the gateway configuration is valid', () => {
  const text = readFileSync('deploy/promweave.yml', 'utf8');
  assert.equal(loadConfig({ file: 'deploy/promweave.yml', text }).endpoints.length, 4);
});

test('the image copies what exists, runs as nonroot, and its root file system is read-only', () => {
  const instructions = dockerfile('deploy/Dockerfile');
  const copied = instructions.filter(([name, rest]) => name === 'COPY' && !rest.startsWith('--from'));
  for (const [, rest] of copied) {
    for (const source of rest.split(' ').slice(0, -1)) assert.ok(existsSync(source), `COPY ${source}`);
  }
  assert.deepEqual(
    instructions.filter(([name]) => name === 'USER'),
    [['USER', 'nonroot']],
  );
  assert.equal(services.get('promweave-1')!.read_only, true);
});

test('the image has jemalloc where the program looks for it', () => {
  const libraries = dockerfile('deploy/Dockerfile').flatMap(([name, rest]) => {
    const [, library] = /^--from=build (\S*jemalloc\S*) /.exec(name === 'COPY' ? rest : '') ?? [];
    return library === undefined ? [] : [`${rest.split(' ').at(-1)}${basename(library)}`];
  });
  assert.equal(libraries.length, 1);
  assert.ok(USUAL_PLACES.includes(libraries[0]!), libraries[0]);
});

test('no service has privileges, and every image is named by a version', () => {
  assert.ok(services.size >= 9);
  for (const [name, service] of services) assertConfined(name, service);
});

test('ports are published on the loopback interface alone', () => {
  const ports = [...services.values()].flatMap((service) => service.ports ?? []);
  assert.equal(ports.length, 2);
  for (const port of ports) assertOnLoopback(port);
});

test('the dashboards are where Grafana is told to look for them', () => {
  const text = readFileSync('deploy/grafana/provisioning/dashboards/promweave.yml', 'utf8');
  const { providers } = parse(text) as {
    readonly providers: readonly { readonly options: { readonly path: string } }[];
  };
  const mounts = services.get('grafana')!.volumes!.map((volume) => volume.split(':').slice(0, 2));
  for (const { options } of providers)
    assert.ok(
      mounts.some(([from, to]) => from === './deploy/grafana/dashboards' && to === options.path),
      options.path,
    );
});

test('the Grafana data source is the load balancer, and the dashboard uses it', () => {
  const { datasources } = parse(
    readFileSync('deploy/grafana/provisioning/datasources/promweave.yml', 'utf8'),
  ) as {
    readonly datasources: readonly { readonly uid: string; readonly url: string }[];
  };
  assert.equal(datasources[0]!.url, 'http://load-balancer:10902');
  const dashboard = readFileSync('deploy/grafana/dashboards/promweave.json', 'utf8');
  const uids = [...dashboard.matchAll(/"type": "prometheus", "uid": "([^"]+)"/g)].map(([, uid]) => uid);
  assert.ok(uids.length >= 4);
  assert.deepEqual(new Set(uids), new Set([datasources[0]!.uid]));
});
