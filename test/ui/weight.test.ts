import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PageManifest } from '../../src/http/routes/page/manifest.ts';

const FOLDER = 'dist-page';
const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as PageManifest;

function packed(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(FOLDER, 'assets', `${name}.gz`)).size, 0);
}

/** A file with those that it cannot run without. */
function withImports(name: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  const code = readFileSync(join(FOLDER, 'assets', name), 'utf8');
  for (const [, imported] of code.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) withImports(imported!, found);
  return found;
}

/** A heatmap is fetched where there are native histograms alone. */
const MOST = { 'graph-': 60_000, 'heatmap-': 64_000 };

test('the first page weighs less than 35 kB, with a graph less than 60, and with a heatmap less than 64', () => {
  const first = [...manifest.document.matchAll(/assets\/([^"]+)"/g)].map(([, name]) => name!);
  assert.ok(first.length >= 2, first.join(', '));
  assert.ok(packed(first) < 35_000, `${first.join(', ')}: ${packed(first)} bytes`);
  for (const [kind, most] of Object.entries(MOST)) {
    const [graph, ...others] = manifest.assets.filter((name) => name.startsWith(kind));
    assert.ok(graph !== undefined && others.length === 0, kind);
    const all = [...new Set([...first, ...withImports(graph)])];
    assert.ok(
      all.some((name) => name.startsWith('time-plot-')),
      all.join(', '),
    );
    assert.ok(packed(all) < most, `${all.join(', ')}: ${packed(all)} bytes`);
  }
});

test('every file is there in each form', () => {
  for (const name of manifest.assets)
    for (const end of ['', '.br', '.gz']) assert.ok(statSync(join(FOLDER, 'assets', name + end)).size > 0);
});

test('the document runs no text and names no other host', () => {
  assert.doesNotMatch(manifest.document, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  assert.doesNotMatch(manifest.document.replaceAll('http://www.w3.org/2000/svg', ''), /https?:/);
});

test('the grammar of PromQL is there once', () => {
  assert.deepEqual(globSync('node_modules/**/lezer-promql/package.json'), [
    join('node_modules', '@prometheus-io', 'lezer-promql', 'package.json'),
  ]);
});
