import fc from 'fast-check';

/** What random queries are made of: names of Prometheus' functions and of the data. */
export interface Vocabulary {
  /** Selectors of instant vectors with their typical use. */
  readonly metrics: readonly string[];
  /** Of a range vector alone. */
  readonly rangeFunctions: readonly string[];
  /** Of an instant vector alone. */
  readonly vectorFunctions: readonly string[];
  readonly aggregations: readonly string[];
  /** Aggregations with a number. */
  readonly rankings: readonly string[];
  readonly operators: readonly string[];
  /** Whole forms; `V`, `M`, `S` and `R` stand for a vector, range vector, scalar and range selector. */
  readonly forms: readonly string[];
  /** Behind an operator, in addition to `on` and `ignoring`. */
  readonly fills: readonly string[];
  readonly extents: readonly string[];
  readonly durations: readonly string[];
  readonly subqueries: readonly string[];
  /** Values of `@`. */
  readonly times: readonly string[];
}

const MATCHERS = [
  'job="api"',
  'job!="web"',
  'job=~"a.*|web"',
  'job=~".*"',
  'job!~"d.+"',
  'instance="0"',
  'instance=~"[01]"',
  'instance!~"2"',
  'code="500"',
  'code=""',
  'code!=""',
  'le="0.5"',
  'le!="+Inf"',
  'le=~"0.*"',
  'missing=""',
  'job="none"',
];
const GROUPINGS = [
  '',
  'by (job)',
  'by (instance)',
  'by (job, instance)',
  'by (le)',
  'by (job, le)',
  'by ()',
  'without (instance)',
  'without (job, code)',
  'without (le)',
  'without ()',
  'by (missing)',
];
const MATCHINGS = [
  '',
  '',
  'on (job)',
  'on (instance)',
  'on (job, instance)',
  'on ()',
  'ignoring (code)',
  'ignoring (le)',
  'ignoring (instance, code, le)',
  'on (job, instance) group_left ()',
  'on (job) group_left ()',
  'on (job) group_right ()',
  'on (job, instance) group_right ()',
  'ignoring (code) group_left ()',
  'ignoring (code) group_right ()',
  'on (job) group_left (code)',
  'on (job, instance) group_left (version)',
  'on (instance) group_right (code)',
  'on (job, instance) group_right (le)',
];
const SET_MATCHINGS = [
  '',
  'on (job)',
  'on (job, instance)',
  'on ()',
  'ignoring (code)',
  'ignoring (instance)',
  'ignoring (le)',
];
const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '0.5',
  '-1',
  '100',
  '1e3',
  '0.9',
  '-0.5',
  'NaN',
  'Inf',
  '-Inf',
  '1.5',
  '50000',
];
const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];

/** Instant vector, range vector, scalar. */
type Kind = 'V' | 'M' | 'S';

/** Queries of a vocabulary that pass the parser, most of them over data that is there. */
export function randomQuery(words: Vocabulary): fc.Arbitrary<string> {
  const of = (texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
  const depth: fc.OneOfConstraints = {
    maxDepth: 3,
    depthIdentifier: fc.createDepthIdentifier(),
    depthSize: 'small',
  };
  const matchers = fc.array(of(MATCHERS), { maxLength: 2 });
  const modifiers = fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    of(words.durations).map((duration) => ` offset ${duration}`),
    of(words.durations).map((duration) => ` offset -${duration}`),
    of(words.times).map((time) => ` @ ${time}`),
    fc.tuple(of(words.times), of(words.durations)).map(([time, duration]) => ` @ ${time} offset ${duration}`),
  );
  const extent = of(['', '', '', ...words.extents]);
  const name = fc.tuple(of(words.metrics), matchers).map(([metric, inside]) => {
    if (metric.startsWith('{')) return `{${[metric.slice(1, -1), ...inside].join(', ')}}`;
    return inside.length === 0 ? metric : `${metric}{${inside.join(', ')}}`;
  });
  const selector = fc.tuple(name, modifiers).map((parts) => parts.join(''));
  const range = fc
    .tuple(name, of(words.durations), extent, modifiers)
    .map(([base, duration, extent, more]) => `${base}[${duration}]${extent}${more}`);
  return fc.letrec<Record<Kind, string>>((tie) => {
    const some = (kind: Kind): fc.Arbitrary<string> => tie(kind);
    const V = some('V');
    const filled = (form: string): fc.Arbitrary<string> => {
      const parts = form.split(/\b([VMSR])\b/);
      const arbitraries = parts.map((part, i) =>
        i % 2 === 0 ? fc.constant(part) : part === 'R' ? range : some(part as Kind),
      );
      return fc.tuple(...arbitraries).map((texts) => texts.join(''));
    };
    const vectorBinary = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.tuple(V, of(words.operators), of(MATCHINGS), of(['', '', ...words.fills]), V),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(
          V,
          fc.tuple(of(COMPARISONS), of(['', ' bool'])).map((two) => two.join('')),
          of(MATCHINGS),
          fc.constant(''),
          V,
        ),
      },
      fc.tuple(V, of(['and', 'or', 'unless']), of(SET_MATCHINGS), fc.constant(''), V),
    );
    const scalarOperator = of([...words.operators, ...COMPARISONS, ...COMPARISONS.map((op) => `${op} bool`)]);
    return {
      V: fc.oneof(
        depth,
        { weight: 3, arbitrary: selector },
        {
          weight: 3,
          arbitrary: fc.tuple(of(words.rangeFunctions), range).map(([func, arg]) => `${func}(${arg})`),
        },
        {
          weight: 3,
          arbitrary: fc
            .tuple(of(words.aggregations), of(GROUPINGS), V)
            .map(([op, by, arg]) => `${op} ${by} (${arg})`),
        },
        {
          weight: 2,
          arbitrary: fc
            .tuple(of(words.rankings), of(GROUPINGS), some('S'), V)
            .map(([op, by, number, arg]) => `${op} ${by} (${number}, ${arg})`),
        },
        {
          weight: 3,
          arbitrary: vectorBinary.map(
            ([left, op, matching, fill, right]) => `(${left} ${op} ${matching} ${fill} ${right})`,
          ),
        },
        {
          weight: 2,
          arbitrary: fc
            .tuple(V, scalarOperator, some('S'))
            .map(([left, op, right]) => `(${left} ${op} ${right})`),
        },
        fc.tuple(some('S'), scalarOperator, V).map(([left, op, right]) => `(${left} ${op} ${right})`),
        {
          weight: 2,
          arbitrary: fc.tuple(of(words.vectorFunctions), V).map(([func, arg]) => `${func}(${arg})`),
        },
        {
          weight: 2,
          arbitrary: fc.tuple(of(words.rangeFunctions), some('M')).map(([func, arg]) => `${func}(${arg})`),
        },
        { weight: 4, arbitrary: of(words.forms).chain(filled) },
        V.map((arg) => `-${arg}`),
      ),
      M: fc.oneof(
        depth,
        range,
        fc
          .tuple(V, of(words.subqueries), modifiers)
          .map(([arg, subquery, more]) => `(${arg})${subquery}${more}`),
      ),
      S: fc.oneof(
        depth,
        { weight: 8, arbitrary: of(NUMBERS) },
        fc.constant('time()'),
        V.map((arg) => `scalar(${arg})`),
        fc
          .tuple(
            some('S'),
            of(['+', '-', '*', '/', '%', '^', ...COMPARISONS.map((op) => `${op} bool`)]),
            some('S'),
          )
          .map(([left, op, right]) => `(${left} ${op} ${right})`),
      ),
    };
  }).V;
}
