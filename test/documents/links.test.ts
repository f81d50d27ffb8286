import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** What the forge makes of headings, to lead there. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return new Set(headings.map((each) => each.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')));
}

/** Links to files of the project, without code. */
function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^\w+:/.test(link));
}

test('every link of a document leads to a file and a heading that are there', () => {
  const documents = [
    'README.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...globSync('{deploy,docs,src,test}/**/*.md'),
  ];
  const seen = documents.flatMap((document) =>
    linksIn(readFileSync(document, 'utf8')).map((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      const isThere =
        existsSync(file) && (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor));
      return { name: `${document}: ${link}`, isThere };
    }),
  );
  assert.ok(seen.length > 60, `saw only ${seen.length} links`);
  assert.deepEqual(
    seen.filter(({ isThere }) => !isThere).map(({ name }) => name),
    [],
  );
});

test('the first page stays short, and leads to each document', () => {
  const page = readFileSync('README.md', 'utf8');
  const lines = page.split('\n').length;
  assert.ok(lines <= 250, `README.md has ${lines} lines; what is for looking up belongs into docs`);
  const linked = new Set(linksIn(page).map((link) => link.split('#')[0]));
  assert.deepEqual(
    globSync('docs/*.md').filter((document) => !linked.has(document)),
    [],
  );
});
