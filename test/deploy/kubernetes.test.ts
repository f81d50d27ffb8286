import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { objectProblems } from '../support/kubernetes/object-problems.ts';
import { checkGateways, podOf, type Gateways, type Manifest } from '../support/kubernetes/gateways.ts';

const FOLDER = 'deploy/kubernetes';

const kustomization = parse(readFileSync(`${FOLDER}/kustomization.yml`, 'utf8')) as {
  readonly namespace: string;
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
};
const gateways: Gateways = {
  manifests: kustomization.resources.flatMap((file) =>
    parseAllDocuments(readFileSync(`${FOLDER}/${file}`, 'utf8')).map(
      (document) => document.toJS() as Manifest,
    ),
  ),
  config: loadConfig({
    file: `${FOLDER}/promweave.yml`,
    text: readFileSync(`${FOLDER}/promweave.yml`, 'utf8'),
  }),
  namespace: kustomization.namespace,
  selecting: false,
};

test('every file of the folder is used', () => {
  const files = globSync(`${FOLDER}/*`).map((path) => basename(path));
  const [generated] = kustomization.configMapGenerator;
  assert.deepEqual(
    files.toSorted(),
    ['kustomization.yml', ...kustomization.resources, ...generated!.files].toSorted(),
  );
  assert.deepEqual(
    podOf(gateways).volumes.map(({ configMap }) => configMap?.name),
    [generated!.name],
  );
});

checkGateways('the base for kustomize', gateways);

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
    assert.deepEqual(made.flatMap(objectProblems), []);
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
