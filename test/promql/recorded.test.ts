import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { toParseTree } from '../../src/promql/parse-tree.ts';
import { parse } from '../../src/promql/parse.ts';
import { prettyPrint } from '../../src/promql/pretty-print.ts';
import { print } from '../../src/promql/print.ts';
import { asBy314 } from '../http/as-by-314.ts';
import { recordedCalls } from '../http/recorded-calls.ts';
import { parseScript } from '../promqltest/parse-script.ts';
import { ownScripts, sharedScripts } from '../promqltest/script-files.ts';
import { readCorpus } from '../recorded/corpus.ts';
import { inCurrentWords } from '../support/differential/known-differences.ts';
import { OWN_RECORDING, recordings } from '../support/recorded.ts';

for (const recording of recordings('queries of Prometheus 3.14 are parsed'))
  test(`every query that ${recording.name} answered parses, and its canonical form is stable`, () => {
    const cases = readCorpus(recording);
    const least = recording === OWN_RECORDING ? 200 : 3000;
    assert.ok(cases.length > least, `only ${cases.length} queries were there`);
    for (const { params } of cases) assertStable(inCurrentWords(params.query));
  });

const SCRIPTS: Readonly<Record<string, readonly string[] | undefined>> = {
  'our own scripts': ownScripts(),
  'the scripts beside the checkout': sharedScripts("expressions of Prometheus' own scripts are parsed"),
};
for (const [whose, files] of Object.entries(SCRIPTS)) {
  const skip = files === undefined && 'they are absent';
  test(`every expression of ${whose} parses, and its canonical form is stable`, { skip }, () => {
    const expressions = (files ?? []).flatMap(expressionsIn);
    assert.ok(expressions.length > 500, `only ${expressions.length} expressions were there`);
    for (const expression of expressions) assertStable(expression);
  });
}

function expressionsIn(file: string): readonly string[] {
  const commands = parseScript(readFileSync(file, 'utf8'));
  return commands.flatMap((command) => (command.kind === 'eval' ? [command.expr] : []));
}

function assertStable(query: string): void {
  const printed = print(parse(query, ALL_FEATURES));
  assert.equal(print(parse(printed, ALL_FEATURES)), printed, query);
}

const ANSWERS = /^\/api\/v1\/(query|format_query|parse_query)\?query=([^&]*)$/;

for (const recording of recordings('parse_query and format_query as Prometheus 3.14 answered them'))
  test(`parse errors, formatted queries and parse trees are those of ${recording.name}`, () => {
    let compared = 0;
    for (const call of recordedCalls(recording)) {
      const { path, status, body } = recording === OWN_RECORDING ? asBy314(call) : call;
      const [, endpoint, query] = ANSWERS.exec(path) ?? [];
      if (query === undefined || (status !== 400 && endpoint === 'query')) continue;
      const text = query.replaceAll('%2B', '+');
      const answer = JSON.parse(body) as { data?: unknown; error?: string };
      if (status === 400) {
        if (!answer.error!.includes('parse error: ')) continue;
        const message = answer.error!.replace('invalid parameter "query": ', '');
        assert.throws(() => parse(text), { message });
      } else if (endpoint === 'format_query') assert.equal(prettyPrint(parse(text)), answer.data);
      else assert.deepEqual(toParseTree(parse(text)), answer.data);
      compared++;
    }
    assert.ok(compared >= 15, `only ${compared} answers were compared`);
  });
