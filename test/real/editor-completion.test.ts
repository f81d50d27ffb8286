import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type * as Autocomplete from '@codemirror/autocomplete';
import type * as State from '@codemirror/state';
import type * as Editor from '@prometheus-io/codemirror-promql';
import { startOperationPair, type Pair } from './api-comparison/servers.ts';

// The editor is published as CommonJS, and its parts must share one copy of what they build on.
const load = createRequire(import.meta.url);
const { CompletionContext } = load('@codemirror/autocomplete') as typeof Autocomplete;
const { EditorState } = load('@codemirror/state') as typeof State;
const { newCompleteStrategy, PromQLExtension } = load('@prometheus-io/codemirror-promql') as typeof Editor;

const METHODS = ['GET', 'POST'] as const;

/** What the editor of Prometheus' own pages offers where the text ends. Fails where a request does. */
async function offered(
  url: string,
  text: string,
  httpMethod: (typeof METHODS)[number],
): Promise<readonly string[]> {
  const problems: unknown[] = [];
  const httpErrorHandler = (problem: unknown): void => void problems.push(problem);
  const strategy = newCompleteStrategy({ remote: { url, httpMethod, httpErrorHandler } });
  try {
    const state = EditorState.create({ doc: text, extensions: [new PromQLExtension().asExtension()] });
    const context = new CompletionContext(state, text.length, true);
    // The types are those of modules, which the compiler takes for others than those of CommonJS.
    const result = await strategy.promQL(context as unknown as Parameters<typeof strategy.promQL>[0]);
    assert.deepEqual(problems, []);
    return (result?.options ?? []).map(({ label, detail = '', info = '' }) =>
      [label, detail, info as string].join(' | '),
    );
  } finally {
    strategy.destroy?.();
  }
}

describe('the editor of Prometheus’ pages, asked to complete', () => {
  let pair: Pair;
  before(async () => {
    pair = await startOperationPair();
  });
  after(async () => pair?.stop());

  for (const method of METHODS)
    for (const [what, text, expected] of [
      ['a metric, with its type and help', 'bask', 'basket_apples | gauge | Apples in the basket.'],
      ['a metric within a function', 'sum(rate(bask', 'basket_visits_total | counter | Hands in the basket.'],
      ['the name of a label', 'basket_apples{so', 'sort |  | '],
      ['the value of a label', 'basket_apples{sort="', 'boskoop |  | '],
      ['a value beside other labels', 'basket_apples{sort="boskoop", place="', 'kitchen |  | '],
      ['a label to group by', 'sum by (pl', 'place |  | '],
      ['a quoted value', 'basket_apples{place="kitchen",sort="', '"é" \\ |  | '],
    ] as const)
      test(`${what}, by ${method}, is offered what the real server knows`, async () => {
        const actual = await offered(pair.gateway, text, method);
        assert.deepEqual(actual, await offered(pair.server, text, method));
        assert.ok(actual.includes(expected), actual.join('\n'));
      });
});
