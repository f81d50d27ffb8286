import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { Manifest } from '../../support/kubernetes/gateways.ts';

export const CHART = 'deploy/helm/promweave';
const FOLDER = 'test/deploy/chart';

/** The namespace and the name of every release here. */
export const NAMESPACE = 'monitoring';
const RELEASE = 'promweave';

/** A helm that was built by `go install` takes itself for one of old clusters. */
export const KUBERNETES = '--kube-version=1.30.0';

export const VALUE_SETS: readonly string[] = globSync(`${FOLDER}/values/*.yml`)
  .map((file) => basename(file, '.yml'))
  .toSorted();

export function valuesFile(set: string): string {
  return `${FOLDER}/values/${set}.yml`;
}

/** What the chart makes of a set of values, kept for those who have no helm. */
export function renderedFile(set: string): string {
  return `${FOLDER}/rendered/${set}.yml`;
}

/** Of what a rendering depends on: the templates, the defaults, and the set. Chart.yaml and the rules are looked at by themselves. */
export function digestOf(set: string): string {
  const hash = createHash('sha256');
  for (const file of [
    ...globSync(`${CHART}/templates/*`).toSorted(),
    `${CHART}/values.yaml`,
    valuesFile(set),
  ])
    hash.update(`${basename(file)}\n${readFileSync(file, 'utf8')}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** The objects that helm makes of a set, in its order. Throws where it refuses the values. */
export function render(helm: string, set: string): readonly Manifest[] {
  const text = execFileSync(
    helm,
    ['template', RELEASE, CHART, `--namespace=${NAMESPACE}`, `--values=${valuesFile(set)}`, KUBERNETES],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return objectsIn(text);
}

export function objectsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text)
    .map((document) => {
      const [problem] = document.errors;
      if (problem !== undefined) throw problem;
      return document.toJS() as Manifest;
    })
    .filter((object) => object !== null);
}

/** As `rendered/` holds it: without the rules, which are those of deploy/mixin. */
export function renderedText(set: string, objects: readonly Manifest[]): string {
  const kept = objects.map((object) =>
    object.kind === 'PrometheusRule' ? { ...object, spec: { groups: [] } } : object,
  );
  const head = `# Made by scripts/render-chart.ts; the rules of deploy/mixin are left out.\n# digest: ${digestOf(set)}\n`;
  return head + kept.map((object) => `---\n${stringify(object, { aliasDuplicateObjects: false })}`).join('');
}
