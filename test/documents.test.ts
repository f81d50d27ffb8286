import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const LAYOUT = 'src/README.md';
const text = readFileSync(LAYOUT, 'utf8');

/** Code spans that look like files or folders of `src`. */
function pathsIn(markdown: string): readonly string[] {
  const spans = [...markdown.matchAll(/`([a-z-]+(?:\/[a-z-]+)*\/?(?:\.ts)?)`/g)].map(([, span]) => span!);
  return spans.filter((span) => span.endsWith('.ts') || span.endsWith('/'));
}

test('every file and folder that the description of the layout names is there', () => {
  const paths = pathsIn(text);
  assert.ok(paths.length > 40, `saw only ${paths.length} paths in ${LAYOUT}`);
  const missing = paths.filter((path) => !existsSync(`src/${path}`) && !existsSync(path));
  assert.deepEqual(missing, []);
});

for (const heading of ['One parameter from end to end', 'One loss from end to end'])
  test(`the walk names each file once: ${heading}`, () => {
    const section = text.split(/^## /m).find((each) => each.startsWith(heading));
    const paths = pathsIn(section ?? '');
    assert.ok(paths.length >= 8, `saw only ${paths.length} paths`);
    assert.deepEqual(paths, [...new Set(paths)]);
  });
