import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAlloy, Reference } from './read-alloy.ts';

test('blocks have names, labels, attributes and blocks', () => {
  const text = `
// a comment
a.b "c" {
	list   = [{"x" = "y\\n"}, {z = 1.5},
		true,
	]
	/* another
	   one */
	of = d.e.f

	inner { }
}
g { h = -2 }
`;
  const inner = { name: 'inner', label: undefined, attributes: {}, blocks: [] };
  assert.deepEqual(readAlloy(text), [
    {
      name: 'a.b',
      label: 'c',
      attributes: { list: [{ x: 'y\n' }, { z: 1.5 }, true], of: new Reference('d.e.f') },
      blocks: [inner],
    },
    { name: 'g', label: undefined, attributes: { h: -2 }, blocks: [] },
  ]);
});

for (const [what, text, says] of [
  ['a block that is not closed', 'a {\n', /line 2: expected name, not "the end"/],
  ['two attributes in a line', 'a {\n b = 1 c = 2\n}', /line 2: expected newline, not "c"/],
  ['a list without commas', 'a {\n b = [1 2]\n}', /line 2: expected ,, not "2"/],
  ['a list whose last line has no comma', 'a {\n b = [\n1\n]\n}', /line 3: expected ,, not "\\n"/],
  ['an attribute that is set twice', 'a {\n b = 1\n b = 2\n}', /line 3: b is set twice/],
  ['a call', 'a {\n b = env("C")\n}', /line 2: "\(" is not known here/],
  ['an attribute of the file', 'a = 1\n', /the file sets a outside of a block/],
] as const)
  test(`${what} is refused`, () => {
    assert.throws(() => readAlloy(text), says);
  });
