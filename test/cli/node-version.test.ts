import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeProblem } from '../../src/cli/node-version.ts';

const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly engines: { readonly node: string };
};

test('package.json names the oldest Node in the form that is read', () => {
  assert.match(engines.node, /^>=\d+\.\d+$/);
});

test('a Node that is too old is named beside the one that is needed', () => {
  for (const old of ['12.22.12', '20.20.2', '22.4.0', '22.18.9'])
    assert.equal(
      nodeProblem(old),
      `promweave needs Node ${engines.node.slice(2)} or newer, and this is Node ${old}; ` +
        'run it with a newer one, or from the checkout with "npm run promweave --", which brings its own',
    );
});

test('the oldest Node that is needed and newer ones are no problem', () => {
  for (const fine of ['22.19.0', '22.19.1', '22.20.0', '23.0.0', '24.21.0', '100.0.0'])
    assert.equal(nodeProblem(fine), undefined, fine);
});
