import { toRemarks } from '../gateway/remarks.ts';
import type { Annotation } from '../model/annotations.ts';

/**
 * The messages that a response calls warnings. Infos are left out: the format does not know them, and a querier that
 * was told to abort takes every warning for a failure.
 */
export function warningsOf(annotations: readonly Annotation[]): readonly string[] {
  return annotations.flatMap(({ severity, message }) => (severity === 'warning' ? [message] : []));
}

/** PromQL's infos say what they are. */
const PROMQL_INFO = 'PromQL info: ';

/** The warnings of a query, and the remarks of the language itself, which Thanos sends on this way as well. */
export function queryWarnings(annotations: readonly Annotation[], query: string): readonly string[] {
  const { warnings, infos } = toRemarks(annotations, query);
  return [...warnings, ...infos.filter((info) => info.startsWith(PROMQL_INFO))];
}
