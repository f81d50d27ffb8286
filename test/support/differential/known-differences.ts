import type { ApiResponse } from '../../recorded/corpus.ts';

/** Why Prometheus 2.42 answers some queries otherwise than 3.14, which the engine follows. */
export interface KnownDifference {
  /** What changed since, and in which version (Prometheus' CHANGELOG). */
  readonly reason: string;
  readonly query: RegExp;
  /** What the comparison says; anything where it is left out. */
  readonly problem?: RegExp;
}

const REFUSALS = '(?:duplicates;|multiple matches for labels|vector cannot contain metrics)';

const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  { reason: 'atan2 used to keep the metric name', query: /\batan2\b/ },
  { reason: 'variances treat infinities consistently since 3.0 (#14941)', query: /\bstd(?:dev|var)/ },
  {
    reason: 'k is looked at over all steps since 3.5 (#16404), and NaN is told apart since 3.6 (#16725)',
    query: /\b(?:topk|bottomk)\b/,
    problem: /int64|Parameter value is NaN/,
  },
  {
    reason: 'an aggregation’s parameter may change from step to step since 3.5 (#16404)',
    query: /\b(?:topk|bottomk|quantile)\b.*(?:scalar|time)\(/,
  },
  {
    reason: 'sums are compensated since 2.54 (#14074), averages since 2.55 (#14413): great values cancel out',
    query: /\b(?:sum|avg).*special/,
  },
  {
    reason: 'averages are compensated since 2.55 (#14413): what takes itself away leaves nothing',
    query: /\bavg/,
    problem: /expected -?[\d.]+e-1\d, got 0/,
  },
  {
    reason: 'labels made of values show their last bit',
    query: /count_values/,
    problem: /^series|expected a value at/,
  },
  {
    reason: 'what is left of a division, and a part of a date, shows the last bits of a great number',
    query: /(?:%|\b(?:days?_\w+|hour|minute|month|year)\().*\b(?:sinh|cosh|exp)\(|\b(?:sinh|cosh|exp)\(.*%/,
    problem: /expected (?:-?[\d.e+-]+), got/,
  },
  {
    reason: 'of equal values other series are kept, and functions around show which',
    query: /[a-z_]\(+[^()]*\b(?:topk|bottomk)\b/,
    problem: /expected (?:-?[\d.e+-]+), got|is missing|unexpected|the next one is/,
  },
  {
    reason: 'of several reasons to refuse a query another one is met first',
    query: /./,
    problem: new RegExp(`"error":"${REFUSALS}.*, got .*"error":"${REFUSALS}`),
  },
  {
    reason: 'two elements that match one are refused before the comparison filters since 3.9 (#17668)',
    query: / [<>=!]=? /,
    problem: /"success".*multiple matches for labels/,
  },
  {
    reason: 'range vectors with @ where other arguments change are right since 2.51 (#13559)',
    query: /\b(?:predict_linear|quantile_over_time)\b.*@/,
  },
  {
    reason:
      'rates do not reach back further than half an interval since 2.51 (#13725), which shows near zero',
    query: /\b(?:rate|increase)\((?:\(|up|special|single|sparse|memory_bytes|target_info)/,
    problem: /expected (?:-?[\d.e+-]+|[+-]Inf), got/,
  },
  {
    reason: 'series that come to have the same labels are one since 3.10 where their samples do not overlap',
    query: /./,
    problem: /same labelset.*"success"/,
  },
  {
    reason: 'the storage now puts matchers that take series away last, and absent() sees that order',
    query: /\babsent(?:_over_time)?\([^)]*!/,
    problem: /series \{.*\} is missing/,
  },
];

/** Errors in which an element of one side is named; which one depends on the order of the storage. */
const NAMED_DUPLICATES = /found duplicate series for the match group .*?;/;

/** What can be compared with 2.42: it has no remarks. */
export function comparableWith242({ status, errorType, error, data }: ApiResponse): ApiResponse {
  if (status === 'error') {
    return { status, errorType: errorType!, error: error!.replace(NAMED_DUPLICATES, 'duplicates;') };
  }
  return { status, data: data! };
}

/** A query of 2.42 with the names that its functions have now. */
export function inCurrentWords(query: string): string {
  return query.replaceAll('holt_winters', 'double_exponential_smoothing');
}

export function knownDifference(query: string, problem: string): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(
    (known) => known.query.test(query) && (known.problem === undefined || known.problem.test(problem)),
  );
}
