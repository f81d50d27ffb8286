/** Parser features by the names of Prometheus' `--enable-feature`. */
export type ParserFeature =
  | 'promql-experimental-functions'
  | 'promql-extended-range-selectors'
  | 'promql-binop-fill-modifiers'
  | 'promql-duration-expr';

/**
 * Features with what they unlock. As in Prometheus 3.14, duration expressions are always on and their flag is
 * accepted without effect.
 */
export const PARSER_FEATURES: Readonly<Record<ParserFeature, string>> = {
  'promql-experimental-functions': 'experimental functions, limitk and limit_ratio',
  'promql-extended-range-selectors': 'anchored and smoothed selectors',
  'promql-binop-fill-modifiers': 'fill, fill_left and fill_right of binary operators',
  'promql-duration-expr': 'arithmetic on durations (always on)',
};

export const NO_FEATURES: ReadonlySet<string> = new Set();
export const ALL_FEATURES: ReadonlySet<string> = new Set(Object.keys(PARSER_FEATURES));
