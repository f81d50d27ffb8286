import type { CompletionContext, CompletionSource } from '@codemirror/autocomplete';
import type { CompleteStrategy } from '@prometheus-io/codemirror-promql';

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
