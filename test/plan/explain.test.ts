import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain, explainNodes } from '../../src/plan/explain.ts';
import { planQuery } from '../../src/plan/plan-query.ts';
import type { SelectSettings } from '../../src/plan/selects.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';

const SETTINGS = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };
const WINDOW = { text: '', start: 1_000_000, end: 2_000_000, step: 10_000 };

const INDENT = ' '.repeat(4);

/** Plans as text; the expected text is indented for reading. */
function explains(
  query: string,
  expected: string,
  window: typeof WINDOW = WINDOW,
  settings: SelectSettings = SETTINGS,
): void {
  const how = settings.distinguishFunctions === true ? ' where functions matter' : '';
  test(`the plan of ${query}${how}`, () => {
    const plan = planQuery(parse(query, ALL_FEATURES), window, settings);
    const lines = expected.split('\n').slice(1, -1);
    assert.equal(explain(plan), lines.map((line) => line.slice(INDENT.length)).join('\n'));
  });
}

explains(
  'sum by (job) (rate(http_requests_total{code=~"5.."}[5m] offset 1m))',
  `
    aggregate sum by (job)
      call rate
        range 5m
          select #0 offset 1m
    #0 fetches {code=~"5..", __name__="http_requests_total"} in [640001, 1940000]
`,
);

explains(
  '(((a))) / on (x) group_left (y) b > bool 1',
  `
    binary > bool
      binary / many-to-one on (x) include (y)
        select #0
        select #1
      number 1
    #0 fetches {__name__="a"} in [700001, 2000000]
    #1 fetches {__name__="b"} in [700001, 2000000]
`,
);

explains(
  'a @ start() + sum without (x) (b @ 1500)',
  `
    once for all steps
      binary + one-to-one
        select #0 @ 1000
        aggregate sum without (x)
          select #1 @ 1500
    #0 fetches {__name__="a"} in [700001, 1000000]
    #1 fetches {__name__="b"} in [1200001, 1500000]
`,
);

explains(
  'a - time() * (b @ end())',
  `
    binary - one-to-one
      select #0
      binary *
        call time
        once for all steps
          select #1 @ 2000
    #0 fetches {__name__="a"} in [700001, 2000000]
    #1 fetches {__name__="b"} in [1700001, 2000000]
`,
);

explains(
  'max_over_time(rate(a[1m])[10m:30s] offset 5m)',
  `
    call max_over_time
      subquery 10m step 30s offset 5m
        call rate
          range 1m
            select #0
    #0 fetches {__name__="a"} in [40001, 1700000]
`,
);

explains(
  'max_over_time(max_over_time(a[1m:] @ 1800)[10m:30s] offset 5m)',
  `
    call max_over_time
      subquery 10m step 30s offset 5m
        once for all steps
          call max_over_time
            subquery 1m step default @ 1800
              select #0
    #0 fetches {__name__="a"} in [1440001, 1800000]
`,
);

explains(
  'a + a + a offset 1s',
  `
    binary + one-to-one
      binary + one-to-one
        select #0
        select #0
      select #1 offset 1s
    #0 fetches {__name__="a"} in [700001, 2000000]
    #1 fetches {__name__="a"} in [699001, 1999000]
`,
);

explains(
  'sum by (job) (up) / count(up)',
  `
    binary / one-to-one
      aggregate sum by (job)
        select #0
      aggregate count
        select #0
    #0 fetches {__name__="up"} in [700001, 2000000]
`,
);

explains(
  'rate(x{a="1",b="2"}[5m]) / increase({b="2",__name__="x",a="1"}[5m]) + x{b="2",a="1"} - x{a="2",b="1"}',
  `
    binary - one-to-one
      binary + one-to-one
        binary / one-to-one
          call rate
            range 5m
              select #0
          call increase
            range 5m
              select #0
        select #0
      select #1
    #0 fetches {a="1", b="2", __name__="x"} in [700001, 2000000]
    #1 fetches {a="2", b="1", __name__="x"} in [700001, 2000000]
`,
);

explains(
  'sum(rate(x[5m])) / sum by (a) (rate(x[5m])) + increase(x[5m]) + x',
  `
    binary + one-to-one
      binary + one-to-one
        binary / one-to-one
          aggregate sum
            call rate
              range 5m
                select #0
          aggregate sum by (a)
            call rate
              range 5m
                select #0
        call increase
          range 5m
            select #1
      select #2
    #0 fetches {__name__="x"} in [700001, 2000000], range 5m, func rate
    #1 fetches {__name__="x"} in [700001, 2000000], range 5m, func increase
    #2 fetches {__name__="x"} in [700001, 2000000]
`,
  WINDOW,
  { ...SETTINGS, distinguishFunctions: true },
);

explains(
  'rate(a[step() * 6] smoothed) - delta(a[range() / 10] anchored)',
  `
    binary - one-to-one
      call rate
        range 1m
          select #0 smoothed
      call delta
        range 1m40s
          select #1 anchored
    #0 fetches {__name__="a"} in [640001, 2300000]
    #1 fetches {__name__="a"} in [600001, 2000000]
`,
);

explains(
  'timestamp(a @ 1) + timestamp(abs(a @ 1))',
  `
    binary + one-to-one
      once for all steps
        call timestamp
          select #0 @ 1
      call timestamp
        once for all steps
          call abs
            select #0 @ 1
    #0 fetches {__name__="a"} in [-298999, 1000]
`,
);

explains(
  'end() - start() + step() + range() + vector(1)',
  `
    once for all steps
      binary +
        binary +
          binary +
            binary -
              number 2000
              number 1000
            number 10
          number 1000
        call vector
          number 1
`,
);

explains(
  'topk(scalar(k), a @ 1)',
  `
    once for all steps
      aggregate topk
        select #0 @ 1
        call scalar
          select #1
    #0 fetches {__name__="a"} in [-298999, 1000]
    #1 fetches {__name__="k"} in [700001, 2000000]
`,
);

explains(
  'info(a, {data=~".+"})',
  `
    info {data=~".+"}
      select #0
    #0 fetches {__name__="a"} in [700001, 2000000]
`,
);

explains(
  'a * on () fill_left (1) fill_right (-2) -b',
  `
    binary * one-to-one on () fill left 1 fill right -2
      select #0
      unary -
        select #1
    #0 fetches {__name__="a"} in [700001, 2000000]
    #1 fetches {__name__="b"} in [700001, 2000000]
`,
);

explains(
  'topk(scalar(a @ 1500) + scalar(rate(b[5m] @ end())), c)',
  `
    aggregate topk
      select #0
      binary +
        call scalar
          select #1 @ 1500
        call scalar
          call rate
            range 5m
              select #2
    #0 fetches {__name__="c"} in [700001, 2000000]
    #1 fetches {__name__="a"} in [1200001, 1500000], nothing beyond
    #2 fetches {__name__="b"} in [700001, 2000000]
`,
);

test('each node of a plan tells which part of the query it is, where that part yields the same by itself', () => {
  const query = '(sum(rate(a[5m] offset 1h)) + b @ 1000) > start()';
  const plan = planQuery(parse(query, ALL_FEATURES), WINDOW, SETTINGS);
  assert.deepEqual(
    explainNodes(plan).map(({ headline, at }) => [
      headline,
      at === undefined ? undefined : query.slice(at.start, at.end),
    ]),
    [
      ['binary >', query],
      ['binary + one-to-one', 'sum(rate(a[5m] offset 1h)) + b @ 1000'],
      ['aggregate sum', 'sum(rate(a[5m] offset 1h))'],
      ['call rate', 'rate(a[5m] offset 1h)'],
      ['range 5m', 'a[5m] offset 1h'],
      ['select #0 offset 1h', undefined],
      ['once for all steps', undefined],
      ['select #1 @ 1000', 'b @ 1000'],
      ['number 1000', 'start()'],
    ],
  );
});
