import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config/load.ts';
import { findHelm } from '../../support/helm.ts';
import {
  checkGateways,
  find,
  podOf,
  type Gateways,
  type Manifest,
} from '../../support/kubernetes/gateways.ts';
import {
  CHART,
  digestOf,
  KUBERNETES,
  NAMESPACE,
  objectsIn,
  render,
  renderedFile,
  renderedText,
  VALUE_SETS,
} from './render.ts';

interface Group {
  readonly name: string;
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const helm = findHelm();
const withoutHelm =
  helm === undefined
    ? 'left out: there is no helm; npm run test:long builds it, and so does scripts/install-helm.ts'
    : false;

function gatewaysOf(set: string): Gateways {
  const manifests = objectsIn(readFileSync(renderedFile(set), 'utf8'));
  const text = (
    manifests.find(({ kind }) => kind === 'ConfigMap')?.['data'] as
      | Readonly<Record<string, string>>
      | undefined
  )?.['promweave.yml'];
  const config = loadConfig(text === undefined ? undefined : { file: `${set}/promweave.yml`, text });
  return { manifests, config, namespace: NAMESPACE, selecting: true };
}

for (const set of VALUE_SETS)
  describe(`the chart with the values "${set}"`, () => {
    assert.ok(existsSync(renderedFile(set)), `${renderedFile(set)} is missing; run scripts/render-chart.ts`);
    const gateways = gatewaysOf(set);
    const { manifests } = gateways;

    test('what is kept was rendered from the chart as it is', () => {
      assert.match(
        readFileSync(renderedFile(set), 'utf8'),
        new RegExp(`^# digest: ${digestOf(set)}$`, 'm'),
        'the chart was changed: run "node scripts/render-chart.ts" and look at what it changes',
      );
    });

    test('helm makes the same of it now', { skip: withoutHelm }, () => {
      const objects = render(helm!, set);
      assert.equal(renderedText(set, objects), readFileSync(renderedFile(set), 'utf8'));
      const rules = objects.find(({ kind }) => kind === 'PrometheusRule');
      assert.equal(rules !== undefined, set === 'full');
      if (rules === undefined) return;
      const groups = ['rules', 'alerts'].flatMap(
        (name) =>
          (parse(readFileSync(`deploy/mixin/${name}.yml`, 'utf8')) as { readonly groups: Group[] }).groups,
      );
      assert.deepEqual(rules['spec'], { groups });
    });

    checkGateways(set, gateways);

    test('all that selects pods selects those of the Deployment', () => {
      const { template, selector: wanted } = find(gateways, 'Deployment')['spec'] as {
        readonly template: { readonly metadata: { readonly labels: Labels } };
        readonly selector: Selector;
      };
      const { labels } = template.metadata;
      const selectors = manifests.flatMap(selectorsOf);
      assert.ok(selectors.length >= 2);
      for (const selector of selectors) {
        assert.deepEqual(selector, wanted.matchLabels);
        for (const [name, value] of Object.entries(selector)) assert.equal(labels[name], value);
      }
    });

    test('services lead to ports of the pods, and what leads to services to theirs', () => {
      const [{ ports }] = podOf(gateways).containers;
      const services = new Map(
        manifests
          .filter(({ kind }) => kind === 'Service')
          .map((service) => [service.metadata.name, (service['spec'] as ServiceSpec).ports]),
      );
      for (const each of [...services.values()].flat())
        assert.ok(
          ports.some(({ name }) => name === each.targetPort),
          each.targetPort,
        );
      for (const { name, port } of manifests.flatMap(backendsOf))
        assert.ok(
          services.get(name)?.some((each) => each.port === port || each.name === port),
          `${name}:${port}`,
        );
    });

    test('the image has the version of the program, where no other is named', () => {
      const [{ image }] = podOf(gateways).containers;
      const expected = { defaults: `promweave:${version}`, small: 'promweave:0.0.1' }[set];
      if (expected === undefined) assert.match(image, /^registry\.example\/promweave@sha256:[0-9a-f]{64}$/);
      else assert.equal(image, expected);
    });
  });

test('there are more gateways than one, in more places than one, unless the values say otherwise', () => {
  const kinds = (set: string): readonly string[] => gatewaysOf(set).manifests.map(({ kind }) => kind);
  for (const kind of ['HorizontalPodAutoscaler', 'PodDisruptionBudget', 'NetworkPolicy']) {
    assert.ok(kinds('defaults').includes(kind), kind);
    assert.ok(!kinds('small').includes(kind), kind);
  }
  const affinity = (set: string): string => JSON.stringify(podOf(gatewaysOf(set)));
  assert.match(affinity('defaults'), /"podAntiAffinity":\{"preferred/);
  assert.match(affinity('full'), /"podAntiAffinity":\{"required/);
  assert.doesNotMatch(affinity('small'), /podAntiAffinity|topologySpread/);
});

test('braces of the configuration are filled in, and those of rules are not', () => {
  const { config } = gatewaysOf('full');
  assert.equal(config.endpoints[0]!.address, `http://store.${NAMESPACE}:9009/prometheus`);
  for (const name of ['rules', 'alerts'])
    assert.equal(realpathSync(`${CHART}/files/${name}.yml`), realpathSync(`deploy/mixin/${name}.yml`));
});

test('metrics are scraped where they are served, under the name that the rules go by', () => {
  const { endpoints } = find(gatewaysOf('full'), 'ServiceMonitor')['spec'] as {
    readonly endpoints: readonly Values[];
  };
  assert.equal(endpoints[0]!['port'], 'admin');
  assert.deepEqual(endpoints[0]!['relabelings'], [{ targetLabel: 'job', replacement: 'promweave' }]);
});

test('the chart and its program have the version of the package', () => {
  const chart = parse(readFileSync(`${CHART}/Chart.yaml`, 'utf8')) as Values;
  assert.deepEqual([chart['version'], chart['appVersion']], [version, version]);
});

test(
  'helm refuses values that the schema refuses, and finds nothing to complain about',
  { skip: withoutHelm },
  () => {
    const refused = spawnSync(helm!, ['template', 'a', CHART, KUBERNETES, '--set=replica=3'], {
      encoding: 'utf8',
    });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /replica/);
    const lint = spawnSync(helm!, ['lint', '--strict', CHART], { encoding: 'utf8' });
    assert.equal(lint.status, 0, lint.stdout + lint.stderr);
  },
);

type Values = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels: Labels;
}

interface ServiceSpec {
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
}

function selectorsOf({ kind, spec }: Manifest & { readonly spec?: unknown }): readonly Labels[] {
  const { selector, podSelector } = (spec ?? {}) as { selector?: unknown; podSelector?: unknown };
  if (kind === 'Service') return [selector as Labels];
  const selecting = (podSelector ?? selector) as Selector | undefined;
  return selecting === undefined ? [] : [selecting.matchLabels];
}

function backendsOf(object: Manifest): readonly { readonly name: string; readonly port: number | string }[] {
  const text = JSON.stringify(object['spec'] ?? {});
  if (object.kind === 'Ingress')
    return [...text.matchAll(/"service":\{"name":"([^"]+)","port":\{"name":"([^"]+)"\}\}/g)].map(
      ([, name, port]) => ({ name: name!, port: port! }),
    );
  if (object.kind === 'HTTPRoute')
    return [...text.matchAll(/"backendRefs":\[\{"name":"([^"]+)","port":(\d+)\}\]/g)].map(
      ([, name, port]) => ({
        name: name!,
        port: Number(port),
      }),
    );
  return [];
}
