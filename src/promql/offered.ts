import { isExperimental } from './parse/parse-aggregate.ts';
import { FUNCTIONS } from './functions.ts';
import { AGGREGATE_OPS, SIGN_OPERATORS, WORD_OPERATORS } from './lex/token.ts';

/** Whether something of the language may be written, by its name. */
type Offered = Readonly<Record<string, boolean>>;

/** What of PromQL queries may use, in the groups and with the names of Prometheus' `/api/v1/features`. */
export interface OfferedLanguage {
  readonly promql: Offered;
  readonly promql_functions: Offered;
  readonly promql_operators: Offered;
}

/** @param features by the names of Prometheus' `--enable-feature`. */
export function offeredLanguage(features: ReadonlySet<string>): OfferedLanguage {
  const experimental = features.has('promql-experimental-functions');
  const fill = features.has('promql-binop-fill-modifiers');
  const extended = features.has('promql-extended-range-selectors');
  return {
    promql: {
      anchored: extended,
      at_modifier: true,
      bool: true,
      by: true,
      delayed_name_removal: features.has('promql-delayed-name-removal'),
      duration_expr: true,
      fill,
      fill_left: fill,
      fill_right: fill,
      group_left: true,
      group_right: true,
      ignoring: true,
      negative_offset: true,
      offset: true,
      on: true,
      per_query_lookback_delta: true,
      per_step_stats: features.has('promql-per-step-stats'),
      smoothed: extended,
      subqueries: true,
      type_and_unit_labels: features.has('type-and-unit-labels'),
      without: true,
    },
    promql_functions: Object.fromEntries(
      Array.from(FUNCTIONS, ([name, signature]) => [name, experimental || !signature.experimental]),
    ),
    promql_operators: {
      ...Object.fromEntries([...SIGN_OPERATORS, ...WORD_OPERATORS].map((name) => [name, true])),
      ...Object.fromEntries(AGGREGATE_OPS.map((name) => [name, experimental || !isExperimental(name)])),
    },
  };
}
