import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectProblems } from './object-problems.ts';

const container = { name: 'a', image: 'a:1', resources: { limits: { memory: '1Gi' } } };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'a' } },
  spec: {
    selector: { matchLabels: { app: 'a' } },
    template: { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } },
  },
};

test('an object that is right has no problems', () => {
  assert.deepEqual(objectProblems(deployment), []);
});

test('a key that is misspelt is found, at every depth', () => {
  const template = {
    ...deployment.spec.template,
    spec: { containers: [{ ...container, imagePullPolcy: 'Always' }] },
  };
  assert.deepEqual(objectProblems({ ...deployment, spec: { ...deployment.spec, template, replica: 2 } }), [
    '/spec/template/spec/containers/0/imagePullPolcy is no key of Deployment',
    '/spec/replica is no key of Deployment',
  ]);
});

test('a key that is missing or of another type is found', () => {
  const [problem, ...others] = objectProblems({
    ...deployment,
    spec: { ...deployment.spec, replicas: 'two' },
  });
  assert.match(problem!, /\/spec\/replicas/);
  assert.deepEqual(others, []);
  const { selector: _, ...spec } = deployment.spec;
  assert.match(objectProblems({ ...deployment, spec })[0]!, /selector/);
});

test('a kind that nothing is known of is a problem', () => {
  assert.deepEqual(objectProblems({ apiVersion: 'apps/v1', kind: 'Deployments' }), [
    'no schema is known for apps/v1 Deployments; name it in MODELS',
  ]);
});
