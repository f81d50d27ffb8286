import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVE_FLAGS } from '../../../src/cli/flags/serve.ts';
import { parseFlags } from '../../../src/cli/parse-flags.ts';
import { THANOS_FLAGS } from '../../../src/cli/thanos-flags.ts';
import type { Config } from '../../../src/config/config.ts';
import { objectProblems } from './object-problems.ts';

export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly startupProbe: Probe;
  readonly securityContext: unknown;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly serviceAccountName: string;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

export interface Gateways {
  readonly manifests: readonly Manifest[];
  /** What the gateways are started with. */
  readonly config: Config;
  /** Where objects are that name no namespace. */
  readonly namespace: string;
  /** Whether manifests select pods already; kustomize adds that later. */
  readonly selecting: boolean;
}

export function find({ manifests }: Gateways, kind: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind);
  assert.ok(found, `no ${kind}`);
  return found;
}

export function podOf(gateways: Gateways): Pod {
  const { template } = find(gateways, 'Deployment')['spec'] as {
    readonly template: { readonly spec: Pod };
  };
  return template.spec;
}

/** What holds for the objects that run gateways, however they were made. */
export function checkGateways(name: string, gateways: Gateways): void {
  const { manifests, config, namespace, selecting } = gateways;
  const pod = podOf(gateways);
  const [container] = pod.containers;

  test(`${name}: every object is as its schema says`, () => {
    assert.ok(manifests.length >= 2);
    const problems = manifests.flatMap((manifest) =>
      objectProblems(manifest).map((problem) => `${manifest.kind} ${manifest.metadata.name}: ${problem}`),
    );
    // The pods are selected by labels that kustomize adds.
    assert.deepEqual(selecting ? problems : problems.filter((each) => !MADE_LATER.test(each)), []);
    const names = manifests.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].join());
    assert.deepEqual(names, [...new Set(names)]);
  });

  test(`${name}: gateways are started with flags that there are, and with the mounted configuration`, () => {
    const [command, ...args] = container.args;
    assert.equal(command, 'serve');
    const known = args.filter((arg) => !THANOS_FLAGS.has(arg.replace(/^--|=.*$/g, '')));
    const { values } = parseFlags(known, SERVE_FLAGS, true);
    assert.equal(values.get('config'), `${container.volumeMounts[0]!.mountPath}/promweave.yml`);
  });

  test(`${name}: a changed configuration reaches a running pod: its folder is mounted`, () => {
    for (const mount of container.volumeMounts) {
      assert.equal(mount.subPath, undefined);
      assert.ok(
        pod.volumes.some((volume) => volume.name === mount.name),
        mount.name,
      );
    }
  });

  test(`${name}: the ports are those that the configuration listens on`, () => {
    const ports = container.ports.map(({ name, containerPort }) => [
      name,
      { host: '0.0.0.0', port: containerPort },
    ]);
    assert.deepEqual(ports.slice(0, 2), [
      ['http', config.http.address],
      ['grpc', config.grpc.address],
    ]);
  });

  test(`${name}: a pod that busy work holds up is not ended, and one that is not ready gets no requests`, () => {
    assert.equal(container.livenessProbe.httpGet.path, '/-/healthy');
    assert.equal(container.readinessProbe.httpGet.path, '/-/ready');
    assert.equal(container.startupProbe.httpGet.path, '/-/ready');
  });

  test(`${name}: a stop has the time that open requests are given`, () => {
    const { shutdown_delay: delay, grace_period: grace } = config.http;
    assert.ok(1000 * pod.terminationGracePeriodSeconds > delay + grace);
  });

  test(`${name}: containers have no privileges, no root, and write to no file system`, () => {
    assert.equal(pod.securityContext['runAsNonRoot'], true);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test(`${name}: the account may do what discovery does, where it looks, and no more`, () => {
    const roles = manifests.filter(({ kind }) => kind === 'Role');
    const bindings = manifests.filter(({ kind }) => kind === 'RoleBinding');
    const allowed = roles.map(({ metadata }) => metadata.namespace ?? namespace);
    if (roles.length > 0)
      assert.deepEqual(
        config.discovery.kubernetes.flatMap(({ namespaces }) => namespaces),
        allowed,
      );
    for (const role of roles)
      assert.deepEqual(role['rules'], [
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ]);
    assert.deepEqual(
      bindings.map(({ metadata, roleRef, subjects }) => [
        metadata.namespace ?? namespace,
        (roleRef as { readonly name: string }).name,
        (subjects as readonly { readonly name: string }[]).map((subject) => subject.name),
      ]),
      roles.map(({ metadata }) => [metadata.namespace ?? namespace, metadata.name, [pod.serviceAccountName]]),
    );
  });
}

const MADE_LATER = /Deployment .*(selector|template\/metadata)/;
