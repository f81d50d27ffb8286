import type { CompletionContext, CompletionSource } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { CompleteStrategy } from '@prometheus-io/codemirror-promql';
import {
  aggregateOpTerms,
  functionIdentifierTerms,
} from '@prometheus-io/codemirror-promql/dist/esm/complete/promql.terms.js';

/**
 * Words of the language that are like what is typed. A list that opened behind a closed bracket would take the Enter that is meant to
 * run the query, so without a beginning of a word it opens where somebody asks for it alone.
 */
export function completeWords(language: CompleteStrategy): CompletionSource {
  return async (context: CompletionContext) => {
    if (!context.explicit && context.matchBefore(/[\w:]/) === null) return null;
    const result = await language.promQL(context);
    return result === null || (result.from === context.pos && !context.explicit) ? null : result;
  };
}

/** What a function or an aggregation at a place does; undefined where none is there. */
export function functionHelp(state: EditorState, position: number): string | undefined {
  const { parent, from, to } = syntaxTree(state).resolveInner(position, 1);
  const terms =
    parent?.name === 'FunctionIdentifier'
      ? functionIdentifierTerms
      : parent?.name === 'AggregateOp'
        ? aggregateOpTerms
        : [];
  const word = state.sliceDoc(from, to);
  const term = terms.find(({ label }) => label === word.toLowerCase());
  return term && `${term.detail}: ${term.info}`;
}
