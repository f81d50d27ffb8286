import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { violation } from './support/layers.ts';

const files = globSync('src/**/*.ts').toSorted();

async function imports(): Promise<readonly { readonly from: string; readonly to: string }[]> {
  const { output } = await cruise(['src'], {
    tsPreCompilationDeps: true,
    doNotFollow: 'node_modules',
    parser: 'swc',
  });
  const { modules } = output as ICruiseResult;
  const seen = modules.map(({ source }) => source).filter((source) => source.startsWith('src/'));
  assert.deepEqual(seen.toSorted(), files, 'the import graph must hold every module of src');
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
  );
}

test('imports between the folders of src point downwards only', async () => {
  const edges = (await imports()).filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/'));
  assert.ok(edges.length >= files.length / 2, `saw only ${edges.length} imports in ${files.length} modules`);
  assert.deepEqual(
    edges.map(({ from, to }) => violation(from, to)).filter((text) => text !== undefined),
    [],
  );
});

test('the layer table refuses an import that points upwards', () => {
  assert.equal(violation('src/engine/evaluate.ts', 'src/model/labels.ts'), undefined);
  assert.match(violation('src/model/labels.ts', 'src/engine/evaluate.ts') ?? '', /imports src\/engine/);
  assert.match(violation('src/config/load.ts', 'src/promql/parse.ts') ?? '', /stands beside/);
  assert.match(violation('src/engine/evaluate.ts', 'src/config/load.ts') ?? '', /imports src\/config/);
  assert.match(violation('src/grpc/x.ts', 'src/http/y.ts') ?? '', /stand apart/);
  assert.match(violation('src/utils/x.ts', 'src/model/labels.ts') ?? '', /belongs to no layer/);
});
