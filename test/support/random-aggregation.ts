import fc from 'fast-check';

/** Whose results are the same to the last bit however the series are grouped. */
const EXACT = ['min', 'max', 'count', 'group'];

export interface RandomAggregation {
  readonly text: string;
  /** Whether it adds nothing up, so that parts of it come to the same bits. */
  readonly isExact: boolean;
}

const of = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

/**
 * Aggregations of which servers may compute parts, and queries around them.
 * @param metrics what they are over; the first one is there.
 */
export function randomAggregation(metrics: readonly string[]): fc.Arbitrary<RandomAggregation> {
  const metric = of(...metrics);
  const offset = of('', '', ' offset 3m', ' offset 17m');
  const leaf = fc.oneof(
    fc.tuple(metric, offset).map((parts) => parts.join('')),
    fc
      .tuple(
        of(
          'increase',
          'delta',
          'irate',
          'idelta',
          'changes',
          'resets',
          'avg_over_time',
          'sum_over_time',
          'rate',
        ),
        metric,
        of('90s', '5m', '11m'),
        offset,
      )
      .map(([func, name, range, shift]) => `${func}(${name}[${range}]${shift})`),
    fc.tuple(of('0', '0.3', '1'), metric).map(([q, name]) => `quantile_over_time(${q}, ${name}[5m])`),
  );
  const below = fc.oneof(
    { weight: 3, arbitrary: leaf },
    fc
      .tuple(leaf, of('* 2', '/ 7', '> 9000', '== bool 1', '% 3', '- -1', '> Inf'))
      .map((parts) => parts.join(' ')),
    leaf.map((text) => `1 - ${text}`),
    leaf.map((text) => `-abs(${text})`),
    leaf.map((text) => `clamp(${text}, 10, 10000)`),
    // Of labels of the series, and of one that servers do not know.
    fc
      .tuple(leaf, of('instance', 'i', 'job', 'cluster'), of('(.*)-(.*)', '0', '.*'))
      .map(([text, source, pattern]) => `label_replace(${text}, "part", "x$1", "${source}", "${pattern}")`),
    leaf.map((text) => `label_join(${text} > 100, "i", "/", "job", "i")`),
  );
  const grouping = of(
    '',
    'by (cluster)',
    'by (instance)',
    'by (job, i)',
    'by (part)',
    'by (cluster, __replica__)',
    'by (__name__)',
    'without (instance)',
    'without (cluster)',
    'without (i, missing)',
    'without ()',
  );
  const pushed = fc
    .tuple(of(...EXACT, 'sum', 'avg', 'sum', 'avg'), grouping, below)
    .map(([op, by, text]) => ({ text: `${op} ${by} (${text})`, isExact: EXACT.includes(op) }));
  return fc.oneof(
    { weight: 4, arbitrary: pushed },
    pushed.map(({ text }) => ({ text: `sort(${text} * 2)`, isExact: false })),
    pushed.map(({ text }) => ({ text: `${text} or max(${metrics[0]})`, isExact: false })),
    pushed.map(({ text }) => ({ text: `max(${text})`, isExact: false })),
    pushed.map(({ text }) => ({ text: `limitk(2, ${text})`, isExact: false })),
    fc
      .tuple(pushed, pushed)
      .map(([a, b]) => ({ text: `${a.text} / on () group_left () max(${b.text})`, isExact: false })),
    leaf.map((text) => ({ text: `sum(${text}) / count(${text})`, isExact: false })),
  );
}
