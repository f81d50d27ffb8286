import type { ValueType } from './ast.ts';

/** The signature of a PromQL function. */
export interface FunctionSignature {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /**
   * 0: exactly `args`. Otherwise the last of `args` may be left out, and it may occur up to `variadic` times,
   * or without limit if -1.
   */
  readonly variadic: number;
  /** Needs the feature `promql-experimental-functions`. */
  readonly experimental: boolean;
}

interface Family {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  readonly variadic?: number;
  readonly experimental?: true;
  /** The names of the functions with this signature, separated by white space. */
  readonly names: string;
}

const FAMILIES: readonly Family[] = [
  {
    args: ['vector'],
    returns: 'vector',
    names: `
      abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count
      histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh
      timestamp`,
  },
  {
    args: ['matrix'],
    returns: 'vector',
    names: `
      absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate
      last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time
      sum_over_time`,
  },
  {
    args: ['vector'],
    returns: 'vector',
    variadic: 1,
    names: 'day_of_month day_of_week day_of_year days_in_month hour minute month year',
  },
  { args: [], returns: 'scalar', names: 'pi time' },
  { args: ['vector'], returns: 'scalar', names: 'scalar' },
  { args: ['scalar'], returns: 'vector', names: 'vector' },
  { args: ['vector', 'scalar'], returns: 'vector', names: 'clamp_max clamp_min' },
  { args: ['vector', 'scalar'], returns: 'vector', variadic: 1, names: 'round' },
  { args: ['vector', 'scalar', 'scalar'], returns: 'vector', names: 'clamp' },
  { args: ['matrix', 'scalar'], returns: 'vector', names: 'predict_linear' },
  { args: ['scalar', 'matrix'], returns: 'vector', names: 'quantile_over_time' },
  { args: ['scalar', 'vector'], returns: 'vector', names: 'histogram_quantile' },
  { args: ['scalar', 'scalar', 'vector'], returns: 'vector', names: 'histogram_fraction' },
  { args: ['vector', 'string', 'string', 'string'], returns: 'vector', variadic: -1, names: 'label_join' },
  { args: ['vector', 'string', 'string', 'string', 'string'], returns: 'vector', names: 'label_replace' },

  { args: [], returns: 'scalar', experimental: true, names: 'end range start step' },
  { args: ['scalar', 'scalar'], returns: 'scalar', experimental: true, names: 'max_of min_of' },
  { args: ['vector'], returns: 'vector', experimental: true, names: 'start_timestamp' },
  { args: ['vector', 'vector'], returns: 'vector', variadic: 1, experimental: true, names: 'info' },
  {
    args: ['matrix'],
    returns: 'vector',
    experimental: true,
    names: 'mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
  },
  {
    args: ['matrix', 'scalar', 'scalar'],
    returns: 'vector',
    experimental: true,
    names: 'double_exponential_smoothing',
  },
  {
    args: ['vector', 'string'],
    returns: 'vector',
    variadic: -1,
    experimental: true,
    names: 'sort_by_label sort_by_label_desc',
  },
  {
    args: ['vector', 'string', 'scalar', 'scalar'],
    returns: 'vector',
    variadic: 9,
    experimental: true,
    names: 'histogram_quantiles',
  },
];

/** All functions of Prometheus 3.14 by name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSignature> = new Map(
  FAMILIES.flatMap(({ names, args, returns, variadic = 0, experimental = false }) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, { args, returns, variadic, experimental }] as const),
  ),
);

/** Functions of counters: they take a fall for a reset. */
export const COUNTER_FUNCTIONS: ReadonlySet<string> = new Set(['rate', 'irate', 'increase', 'resets']);
