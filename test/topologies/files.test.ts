import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { assertConfined, assertOnLoopback, type Confinement } from '../deploy/confined.ts';
import { readPipelines } from '../support/alloy/pipelines.ts';
import { composeProblems } from '../support/compose/compose-problems.ts';
import { objectProblems } from '../support/kubernetes/object-problems.ts';
import { readCompose } from '../support/topology/compose-file.ts';
import { TOPOLOGIES } from '../support/topology/topology.ts';

const run = promisify(execFile);
const BASES = join(TOPOLOGIES, 'bases');
const names = globSync(`${TOPOLOGIES}/*/compose.yml`)
  .map((file) => basename(dirname(file)))
  .toSorted();

/** Hosts with a port, as configuration files name them. */
const HOST = /(?<![\w.-])([a-z][a-z0-9.-]*[a-z0-9]):(\d{4,5})\b/g;

test('every topology is in the list, and has a test that starts it and tries what its README says', () => {
  assert.ok(names.length > 0);
  const list = readFileSync(join(TOPOLOGIES, 'README.md'), 'utf8');
  const tests = globSync('test/topologies/*.test.ts').map((file) => readFileSync(file, 'utf8'));
  for (const name of names) {
    assert.ok(list.includes(`(${name}/)`), `${name} is not in the list`);
    const starting = tests.filter((text) => text.includes(`Topology.start('${name}'`));
    assert.ok(starting.length > 0, `${name} has no test`);
    assert.ok(
      starting.some((text) => text.includes(`tryLines('${name}', topology)`)),
      `no test tries what the README of ${name} says`,
    );
  }
});

test('what services have in common is as the Compose Specification has it', () => {
  assert.deepEqual(composeProblems(readFileSync(join(BASES, 'services.yml'), 'utf8')), []);
});

test('what services have in common has no privileges', () => {
  const { services } = parse(readFileSync(join(BASES, 'services.yml'), 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, Confinement>>;
  };
  for (const [name, service] of Object.entries(services)) assertConfined(name, service);
});

for (const name of names)
  describe(name, () => {
    const folder = join(TOPOLOGIES, name);
    const services = readCompose(join(folder, 'compose.yml'));
    const files = globSync(`${folder}/**/*`, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

    test('the compose file is as the Compose Specification has it', () => {
      assert.deepEqual(composeProblems(readFileSync(join(folder, 'compose.yml'), 'utf8')), []);
    });

    test('each service extends a common one, and changes nothing of what it may do', () => {
      const written = parse(readFileSync(join(folder, 'compose.yml'), 'utf8'), { merge: true }) as {
        readonly services: Readonly<Record<string, object>>;
      };
      const allowed = new Set([
        'extends',
        'entrypoint',
        'command',
        'environment',
        'volumes',
        'ports',
        'dns',
        'networks',
        'profiles',
        'tmpfs',
        'hostname',
      ]);
      for (const [service, keys] of Object.entries(written.services)) {
        assert.ok('extends' in keys, service);
        assert.deepEqual(
          Object.keys(keys).filter((key) => !allowed.has(key)),
          [],
          service,
        );
        for (const port of 'ports' in keys ? (keys.ports as readonly string[]) : []) assertOnLoopback(port);
      }
    });

    test('services mount files that exist, and all files are of a kind that is checked', () => {
      for (const { name: service, mounts } of services)
        for (const { source } of mounts) assert.ok(existsSync(source), `${service} mounts ${source}`);
      const checked = new Set(['.yml', '.md', '.sh', '.zone', '.conf', '.alloy', '.json']);
      assert.deepEqual(
        files.filter((file) => !checked.has(extname(file))),
        [],
      );
    });

    const mounted = new Set(services.flatMap(({ mounts }) => mounts.map(({ source }) => source)));
    const hosts = [...mounted].flatMap((file) =>
      [...readFileSync(file, 'utf8').replaceAll(/#.*/g, '').matchAll(HOST)].map(([, host]) => host!),
    );

    test('every host that a file names is a service', () => {
      const known = new Set(services.map((service) => service.name));
      assert.ok(hosts.length > 0);
      assert.deepEqual(
        hosts.filter((host) => !known.has(host)),
        [],
      );
    });

    test('promtool accepts the files of Prometheus', async () => {
      const mounts = services.flatMap((service) => service.mounts);
      const configs = new Set(
        mounts
          .filter(({ target }) => target === '/etc/prometheus/prometheus.yml')
          .map(({ source }) => source),
      );
      assert.ok(configs.size > 0);
      for (const file of configs) await run('promtool', ['check', 'config', '--syntax-only', file]);
      for (const file of files.filter((each) => basename(each) === 'rules.yml'))
        await run('promtool', ['check', 'rules', file]);
    });

    test('amtool accepts the files of Alertmanager', async () => {
      for (const file of files.filter((each) => basename(each) === 'alertmanager.yml'))
        await run('amtool', ['check-config', file]);
    });

    test('the gateway accepts its files', () => {
      const configs = files.filter((file) => /^promweave.*\.yml$/.test(basename(file)));
      for (const file of configs) loadConfig({ file, text: readFileSync(file, 'utf8') });
    });

    test('files of Alloy say what is known here', () => {
      for (const file of files.filter((each) => extname(each) === '.alloy'))
        assert.ok(readPipelines(readFileSync(file, 'utf8')).length > 0, file);
    });

    test(
      'kustomize makes pods of it whose volumes and services are there',
      { skip: withoutKubectl() },
      async () => {
        const { stdout } = await run('kubectl', ['kustomize', folder]);
        const made = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
        assert.deepEqual(made.flatMap(objectProblems), []);
        const pods = made.flatMap((each) => (each.spec?.template === undefined ? [] : [each.spec.template]));
        assert.ok(pods.length > 0);
        const namesOf = (kind: string): readonly string[] =>
          made.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);
        for (const { spec } of pods)
          for (const { configMap } of spec.volumes ?? [])
            if (configMap !== undefined)
              assert.ok(namesOf('ConfigMap').includes(configMap.name), configMap.name);
        for (const { kind, metadata, spec } of made) {
          if (kind === 'StatefulSet')
            assert.ok(namesOf('Service').includes(spec!.serviceName!), metadata.name);
          if (kind !== 'Service') continue;
          const chosen = pods.filter(({ metadata: { labels } }) =>
            Object.entries(spec!.selector!).every(([label, value]) => labels[label] === value),
          );
          assert.equal(chosen.length, 1, `pods of service ${metadata.name}`);
        }
      },
    );

    test('Kubernetes has each host that a file names', { skip: withoutKubectl() }, async () => {
      const { stdout } = await run('kubectl', ['kustomize', folder]);
      const made = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
      const known = new Set(
        made.flatMap(({ kind, metadata, spec }) => {
          if (kind === 'Service') return [metadata.name];
          if (kind !== 'StatefulSet') return [];
          return Array.from(
            { length: spec!.replicas ?? 1 },
            (_, i) => `${metadata.name}-${i}.${spec!.serviceName}`,
          );
        }),
      );
      assert.deepEqual(
        hosts.filter((host) => !known.has(host)),
        [],
      );
    });
  });

function withoutKubectl(): string | false {
  return spawnSync('kubectl', ['version', '--client']).status === 0 ? false : 'there is no kubectl here';
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly replicas?: number;
    readonly serviceName?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly volumes?: readonly { readonly configMap?: { readonly name: string } }[] };
    };
  };
}
