import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { parseFlags } from '../../src/cli/parse-flags.ts';
import { loadConfig } from '../../src/config/load.ts';

const FOLDER = 'deploy/kubernetes';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

interface Container {
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly startupProbe: Probe;
  readonly securityContext: unknown;
  readonly volumeMounts: readonly { readonly mountPath: string; readonly subPath?: string }[];
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly serviceAccountName: string;
        readonly containers: readonly [Container];
        readonly volumes: readonly { readonly configMap: { readonly name: string } }[];
      };
    };
  };
}

const kustomization = parse(readFileSync(`${FOLDER}/kustomization.yml`, 'utf8')) as {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
};
const manifests = kustomization.resources.flatMap((file) =>
  parseAllDocuments(readFileSync(`${FOLDER}/${file}`, 'utf8')).map((document) => document.toJS() as Manifest),
);
const config = loadConfig({
  file: `${FOLDER}/promweave.yml`,
  text: readFileSync(`${FOLDER}/promweave.yml`, 'utf8'),
});

function find(kind: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind);
  assert.ok(found, `no ${kind}`);
  return found;
}

const pod = (find('Deployment') as Deployment).spec.template.spec;
const [container] = pod.containers;

test('every file of the folder is used', () => {
  const files = globSync(`${FOLDER}/*`).map((path) => basename(path));
  const [generated] = kustomization.configMapGenerator;
  assert.deepEqual(
    files.toSorted(),
    ['kustomization.yml', ...kustomization.resources, ...generated!.files].toSorted(),
  );
  assert.deepEqual(
    pod.volumes.map(({ configMap }) => configMap.name),
    [generated!.name],
  );
});

test('the gateways are started with flags that there are, and with the mounted configuration', () => {
  const [command, ...args] = container.args;
  assert.equal(command, 'serve');
  const { values } = parseFlags(args, SERVE_FLAGS, true);
  assert.equal(values.get('config'), `${container.volumeMounts[0]!.mountPath}/promweave.yml`);
});

test('a changed configuration reaches a running pod: its folder is mounted', () => {
  assert.deepEqual(
    container.volumeMounts.map(({ subPath }) => subPath),
    [undefined],
  );
});

test('the ports are those that the configuration listens on', () => {
  const ports = container.ports.map(({ name, containerPort }) => [
    name,
    { host: '0.0.0.0', port: containerPort },
  ]);
  assert.deepEqual(ports, [
    ['http', config.http.address],
    ['grpc', config.grpc.address],
  ]);
});

test('a pod that busy work holds up is not ended, and one that is not ready gets no requests', () => {
  assert.equal(container.livenessProbe.httpGet.path, '/-/healthy');
  assert.equal(container.readinessProbe.httpGet.path, '/-/ready');
  assert.equal(container.startupProbe.httpGet.path, '/-/ready');
});

test('a stop has the time that open requests are given', () => {
  const { shutdown_delay: delay, grace_period: grace } = config.http;
  assert.ok(1000 * pod.terminationGracePeriodSeconds > delay + grace);
});

test('containers have no privileges and write to no file system', () => {
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('the account may do what discovery does, in the namespace where it looks, and no more', () => {
  interface Role extends Manifest {
    readonly rules: readonly unknown[];
  }
  interface Binding extends Manifest {
    readonly subjects: readonly { readonly name: string }[];
    readonly roleRef: { readonly name: string };
  }
  const { namespace } = kustomization as unknown as { readonly namespace: string };
  const role = find('Role') as Role;
  const binding = find('RoleBinding') as Binding;
  assert.deepEqual(role.rules, [
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  ]);
  assert.deepEqual(
    [binding.roleRef.name, binding.subjects[0]!.name],
    [role.metadata.name, pod.serviceAccountName],
  );
  assert.deepEqual(
    config.discovery.kubernetes.map(({ namespaces }) => namespaces),
    [[namespace]],
  );
});

test('the image has the version of the program', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  assert.deepEqual(kustomization.images, [{ name: 'promweave', newTag: version }]);
});

const kubectl = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' });

test(
  'kustomize makes of it what selects the pods',
  { skip: kubectl.status === 0 ? false : 'there is no kubectl here' },
  () => {
    const { stdout, stderr, status } = spawnSync('kubectl', ['kustomize', FOLDER], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const made = parseAllDocuments(stdout).map((document) => document.toJS() as Rendered);
    const labels = made.find(({ kind }) => kind === 'Deployment')!.spec!.template!.metadata.labels;
    const selectors = made.flatMap(({ kind, spec }): readonly (readonly [string, unknown])[] => {
      if (kind === 'Service') return [[kind, spec!.selector]];
      const selector = spec?.podSelector ?? spec?.selector;
      return selector === undefined
        ? []
        : [[kind, (selector as { readonly matchLabels: unknown }).matchLabels]];
    });
    assert.deepEqual(selectors.map(([kind]) => kind).toSorted(), [
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'Service',
    ]);
    for (const [kind, selector] of selectors) assert.deepEqual(selector, labels, kind);
  },
);

interface Rendered {
  readonly kind: string;
  readonly spec?: {
    readonly selector?: unknown;
    readonly podSelector?: unknown;
    readonly template?: { readonly metadata: { readonly labels: unknown } };
  };
}
