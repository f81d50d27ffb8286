import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { circlesIn, type Edge } from './support/circles.ts';
import { violation } from './support/layers.ts';

const files = globSync(['src/**/*.ts', 'ui/**/*.{ts,tsx}']).toSorted();

function isOurs(path: string): boolean {
  return path.startsWith('src/') || path.startsWith('ui/');
}

const edges = (async (): Promise<readonly Edge[]> => {
  const { output } = await cruise(['src', 'ui'], {
    tsPreCompilationDeps: true,
    doNotFollow: 'node_modules',
    parser: 'swc',
  });
  const { modules } = output as ICruiseResult;
  const seen = modules.map(({ source }) => source).filter(isOurs);
  assert.deepEqual(seen.toSorted(), files, 'the import graph must hold every module');
  return modules
    .filter(({ source }) => isOurs(source))
    .flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ resolved }) => isOurs(resolved))
        .map(({ resolved }) => ({ from: source, to: resolved })),
    );
})();

test('imports between the folders of src and ui point downwards only', async () => {
  const all = await edges;
  assert.ok(all.length >= files.length / 2, `saw only ${all.length} imports in ${files.length} modules`);
  assert.ok(
    all.some(({ from, to }) => from === 'src/model/annotations.ts' && to === 'src/model/loss.ts'),
    'imports of types alone must count',
  );
  assert.deepEqual(
    all.map(({ from, to }) => violation(from, to)).filter((text) => text !== undefined),
    [],
  );
});

test('no module imports itself by way of others, types included', async () => {
  assert.deepEqual(circlesIn(await edges), []);
});

test('a circle of imports is found, and told from modules that meet again', () => {
  const edge = (from: string, to: string) => ({ from, to });
  assert.deepEqual(circlesIn([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')]), []);
  assert.deepEqual(circlesIn([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')]), [['b', 'c']]);
});

test('the layer table refuses an import that points upwards', () => {
  assert.equal(violation('src/engine/evaluate.ts', 'src/model/labels.ts'), undefined);
  assert.match(violation('src/model/labels.ts', 'src/engine/evaluate.ts') ?? '', /imports src\/engine/);
  assert.match(violation('src/config/load.ts', 'src/promql/parse.ts') ?? '', /stands beside/);
  assert.match(violation('src/engine/evaluate.ts', 'src/config/load.ts') ?? '', /imports src\/config/);
  assert.match(violation('src/grpc/x.ts', 'src/http/y.ts') ?? '', /stand apart/);
  assert.equal(violation('ui/query/panel.tsx', 'src/http/api/query.ts'), undefined);
  assert.match(violation('ui/query/panel.tsx', 'src/model/labels.ts') ?? '', /the API alone/);
  assert.match(violation('src/http/api/query.ts', 'src/model/labels.ts') ?? '', /the API alone/);
  assert.match(violation('src/http/server.ts', 'ui/main.tsx') ?? '', /runs in browsers/);
  assert.match(violation('src/utils/x.ts', 'src/model/labels.ts') ?? '', /belongs to no layer/);
});
