import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeProblems } from './compose-problems.ts';

test('a file that the specification allows has no problems', () => {
  const text =
    'name: a\nx-b: &b { image: "c:1", cap_drop: [ALL] }\nservices: { d: { <<: *b, ports: ["1:2"] } }\n';
  assert.deepEqual(composeProblems(text), []);
});

for (const [what, text, says] of [
  [
    'a key that is misspelt',
    'services: { a: { image: "b:1", read-only: true } }',
    /^\/services\/a .*read-only/,
  ],
  [
    'a value of the wrong kind',
    'services: { a: { image: "b:1", cap_drop: ALL } }',
    /^\/services\/a\/cap_drop /,
  ],
  ['a key of the file that is none', 'service: { a: { image: "b:1" } }', /service/],
] as const)
  test(`${what} is one`, () => {
    assert.match(composeProblems(text).join('\n'), says);
  });
