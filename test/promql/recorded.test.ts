import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { toParseTree } from '../../src/promql/parse-tree.ts';
import { parse } from '../../src/promql/parse.ts';
import { prettyPrint } from '../../src/promql/pretty-print.ts';
import { print } from '../../src/promql/print.ts';

const SHARED = join(import.meta.dirname, '../../../shared');
const skip = existsSync(SHARED) ? false : 'the folder ../shared is absent';

test('every recorded query parses, and its canonical form is stable', { skip }, () => {
  const folder = join(SHARED, 'recorded');
  let seen = 0;
  for (const file of readdirSync(folder).filter((name) => /^promql-corpus.*\.jsonl\.gz$/.test(name)))
    for (const line of gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .split('\n')
      .filter(Boolean)) {
      assertStable((JSON.parse(line) as { params: { query: string } }).params.query);
      seen++;
    }
  assert.ok(seen > 1000, `only ${seen} queries were there`);
});

test('every expression of the test language that is expected to work parses', { skip }, () => {
  const folder = join(SHARED, 'promqltest');
  const evaluation =
    /^eval(?:_ordered|_warn|_info)?\s+(?:instant\s+at\s+\S+|range\s+from\s+\S+\s+to\s+\S+\s+step\s+\S+)\s+(.*)$/;
  let seen = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test')))
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const query = evaluation.exec(line.trim())?.[1];
      if (query === undefined) continue;
      assertStable(query);
      seen++;
    }
  assert.ok(seen > 1000, `only ${seen} expressions were there`);
});

function assertStable(query: string): void {
  const printed = print(parse(query, ALL_FEATURES));
  assert.equal(print(parse(printed, ALL_FEATURES)), printed, query);
}

interface Exchange {
  readonly path: string;
  readonly status: number;
  readonly body: string;
}

test('recorded parse errors, formatted queries and parse trees are the same', { skip }, () => {
  const lines = readFileSync(join(SHARED, 'recorded/http-prometheus-3.14.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean);
  let compared = 0;
  for (const { path, status, body } of lines.map((line) => JSON.parse(line) as Exchange)) {
    const [, endpoint, query] =
      /^\/api\/v1\/(query|format_query|parse_query)\?query=([^&]*)$/.exec(path) ?? [];
    if (query === undefined || (status !== 400 && endpoint === 'query')) continue;
    const text = query.replaceAll('%2B', '+');
    const answer = JSON.parse(body) as { data?: unknown; error?: string };
    if (status === 400) {
      if (!answer.error!.includes('parse error: ')) continue;
      assert.throws(() => parse(text), { message: answer.error!.replace('invalid parameter "query": ', '') });
    } else if (endpoint === 'format_query') assert.equal(prettyPrint(parse(text)), answer.data);
    else assert.deepEqual(toParseTree(parse(text)), answer.data);
    compared++;
  }
  assert.ok(compared >= 15, `only ${compared} answers were compared`);
});
