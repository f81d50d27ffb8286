import { toRemarks } from '../gateway/remarks.ts';
import { TRUNCATED_TEXT, isLoss, type Annotation } from '../model/annotations.ts';
import { lossTextFor } from '../model/loss-text.ts';
import { isMissing, isRefused } from '../model/loss.ts';
import type { RequestScope } from '../model/request-scope.ts';

/**
 * The messages that a response calls warnings. Infos are left out: the format does not know them. A querier that was told
 * to abort takes every warning for a failure, so it hears of no loss for which an answer is not refused.
 */
export function warningsOf(
  { caller, options: { partialResponse } }: RequestScope,
  annotations: readonly Annotation[],
): readonly string[] {
  const isTold = partialResponse ? isMissing : isRefused;
  const texts = annotations.flatMap((annotation) => {
    if (isLoss(annotation)) return isTold(annotation) ? [lossTextFor(caller, annotation)] : [];
    if (annotation.kind === 'truncated') return [TRUNCATED_TEXT];
    return annotation.severity === 'warning' ? [annotation.message] : [];
  });
  return [...new Set(texts)];
}

/** The warnings of a query, and the remarks of the language itself, which Thanos sends on this way as well. */
export function queryWarnings(
  { caller }: Pick<RequestScope, 'caller'>,
  annotations: readonly Annotation[],
  query: string,
): readonly string[] {
  // Remarks of the language point to a place of the query, those of endpoints do not.
  const ofQuery = annotations.filter(
    (annotation) =>
      isLoss(annotation) ||
      annotation.kind === 'truncated' ||
      annotation.severity === 'warning' ||
      annotation.at,
  );
  const { warnings, infos } = toRemarks({ caller, options: { showReplaced: false } }, ofQuery, query);
  return [...warnings, ...infos];
}
