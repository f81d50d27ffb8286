import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billOfMaterials, packagesIn } from '../../scripts/bill-of-materials.ts';

const component = (name: string, version: string) => ({ 'bom-ref': `${name}@${version}`, name, version });

test('what is in the program is listed, in the version that it has, and what only developers need is not', () => {
  const all = {
    metadata: { component: { 'bom-ref': 'promweave@1.0.0', name: 'checkout' } },
    components: [
      component('a', '1.0.0'),
      component('a', '2.0.0'),
      component('@b/c', '3.0.0'),
      component('tool', '1.0.0'),
    ],
    dependencies: [
      { ref: 'promweave@1.0.0', dependsOn: ['a@1.0.0', 'tool@1.0.0'] },
      { ref: 'tool@1.0.0', dependsOn: ['a@2.0.0'] },
      { ref: 'a@1.0.0' },
    ],
  };
  assert.deepEqual(billOfMaterials(all, 'promweave', new Set(['a 1.0.0', '@b/c 3.0.0'])), {
    metadata: { component: { 'bom-ref': 'promweave@1.0.0', name: 'promweave' } },
    components: [component('a', '1.0.0'), component('@b/c', '3.0.0')],
    dependencies: [
      { ref: 'promweave@1.0.0', dependsOn: ['a@1.0.0'] },
      { ref: 'a@1.0.0', dependsOn: [] },
    ],
  });
});

test('packages are read from the text of their licenses', () => {
  const line = '='.repeat(80);
  const text = `Held are:\n\n${line}\na 1.0.0: MIT\n\nb 2.0.0: is no heading\n\n${line}\n@c/d 3.0.0: ISC\n`;
  assert.deepEqual(packagesIn(text), ['a 1.0.0', '@c/d 3.0.0']);
});
