import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seesOnly, SEES_EVERYTHING } from '../../../src/model/enforced-matchers.ts';
import { labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { ANYBODY } from '../../../src/model/request-scope.ts';
import { compileMatchers } from '../../../src/promql/match/compile.ts';
import { withEnforced } from '../../../src/select/routing/enforce.ts';
import { planRoutes, recheck } from '../../../src/select/routing/route.ts';
import { assertProperty } from '../../support/property.ts';
import { memoryEndpoint, REQUEST, scopeOf, selectionOf } from '../support.ts';

const value = fc.constantFrom('', 'a', 'b', 'c');
const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({ kind: fc.constantFrom('=' as const, '!=' as const), name: fc.constantFrom('t', 'x'), value }),
  fc.record({
    kind: fc.constantFrom('=~' as const, '!~' as const),
    name: fc.constantFrom('t', 'x'),
    value: fc.constantFrom('', '.*', '.+', 'a|b', 'b|', '[bc]', '(?:a)'),
  }),
);
const matchers = fc.array(matcher, { maxLength: 3 });
const sets = fc.array(matchers, { maxLength: 3 });
const held = fc
  .tuple(matcher)
  .chain(([first]) => matchers.map((more): readonly [Matcher, ...Matcher[]] => [first, ...more]));
const labels: fc.Arbitrary<Labels> = fc.record({ t: value, x: value }).map(labelsFromRecord);

function anyOf(alternatives: readonly (readonly Matcher[])[], of: Labels): boolean {
  return alternatives.length === 0 || alternatives.some((set) => compileMatchers(set)(of));
}

test('a caller sees what it selects and may see, and nothing else', () => {
  assertProperty(
    fc.property(held, sets, labels, (own, asked, of) => {
      const { matcherSets } = withEnforced(seesOnly(own), asked);
      assert.equal(anyOf(matcherSets, of), anyOf(asked, of) && compileMatchers(own)(of));
    }),
    { seed: 20_260_101, numRuns: 2000 },
  );
});

test('what comes back is checked, whatever an endpoint sends and whatever labels are its own', () => {
  assertProperty(
    fc.property(
      held,
      sets,
      labels,
      labels,
      fc.constantFrom('unknown' as const, new Set<string>(), new Set(['t'])),
      (own, asked, external, came, ownLabels) => {
        const endpoint = { ...memoryEndpoint('e', {}, []), externalLabels: external, ownLabels };
        const scope = { ...scopeOf(), caller: { ...ANYBODY, tenant: 'a', enforced: seesOnly(own) } };
        const plan = planRoutes(
          scope,
          fixedTopology([endpoint]),
          { matcherSets: asked, minTime: 0, maxTime: 1 },
          0,
        );
        for (const { routes } of plan.shards)
          for (const route of routes) assert.ok(!recheck(route)(came) || compileMatchers(own)(came));
      },
    ),
    { seed: 20_260_102, numRuns: 2000 },
  );
});

test('an endpoint whose external labels contradict is not asked at all', () => {
  assertProperty(
    fc.property(held, sets, labels, (own, asked, external) => {
      const endpoint = { ...memoryEndpoint('e', {}, []), externalLabels: external };
      const scope = { ...scopeOf(), caller: { ...ANYBODY, tenant: 'a', enforced: seesOnly(own) } };
      const plan = planRoutes(
        scope,
        fixedTopology([endpoint]),
        { matcherSets: asked, minTime: 0, maxTime: 1 },
        0,
      );
      const contradicts = own.some((each) => {
        const [, known = ''] =
          [...Array(external.length / 2).keys()]
            .map((i) => external.slice(2 * i, 2 * i + 2))
            .find(([name]) => name === each.name) ?? [];
        return known !== '' && !compileMatchers([each])(external);
      });
      assert.ok(!contradicts || plan.shards.length === 0);
    }),
    { seed: 20_260_103, numRuns: 1000 },
  );
});

test('a caller that may see everything is held to nothing', () => {
  const asked = [[{ kind: '=', name: 't', value: 'b' }]] as const;
  assert.deepEqual(withEnforced(SEES_EVERYTHING, asked), { matcherSets: asked, enforced: [] });
});

test('what cannot be told apart by tenant is refused below the transports, too', async () => {
  const selection = selectionOf(memoryEndpoint('e', {}, []));
  const scope = {
    ...scopeOf(),
    caller: { ...ANYBODY, tenant: 'a', enforced: seesOnly([{ kind: '=', name: 't', value: 'a' }]) },
  };
  const refused = { kind: 'forbidden', message: /cannot be told apart by tenant/ };
  await assert.rejects(selection.lists.alertmanagers(scope), refused);
  await assert.rejects(selection.lists.tsdbStatistics(scope, { limit: 1, matchers: [] }), refused);
  await assert.rejects(selection.explain(scope, REQUEST, { series: 1, windows: 1 }), refused);
  await assert.rejects(selection.coverage(scope, undefined), refused);
});
