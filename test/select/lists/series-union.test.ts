import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compareLabels,
  EMPTY_LABELS,
  labelsFromRecord,
  labelsKey,
  mergeLabels,
  withoutLabels,
  type Labels,
} from '../../../src/model/labels.ts';
import type { SeriesShare } from '../../../src/select/lists/series-share.ts';
import { SeriesUnion } from '../../../src/select/lists/series-union.ts';
import type { Route } from '../../../src/select/routing/route.ts';
import { OverlaidSeries } from '../../../src/wire/batch/label-overlay.ts';
import { OpenSeries } from '../../../src/wire/batch/lists/open-series.ts';
import { testPacer } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';
import { memoryEndpoint } from '../support.ts';

const MERGED = new Set(['replica']);
const NO_BUDGET = { take: () => undefined, give: () => undefined };

const labels = fc
  .dictionary(fc.constantFrom('a', 'b', 'replica'), fc.constantFrom('1', '2', 'é'))
  .map(labelsFromRecord);
/** How a list comes, the labels that are laid over it, and whether its endpoint fails in the end. */
const list = fc.record({
  items: fc.array(labels, { maxLength: 12 }),
  form: fc.constantFrom('objects', 'taken'),
  extra: fc.constantFrom(EMPTY_LABELS, labelsFromRecord({ b: '2', c: '3' })),
  fails: fc.boolean(),
});

function routeTo(value: string): Route {
  const endpoint = memoryEndpoint('a:1', { replica: value }, []);
  const wanted = [[{ kind: '!=', name: 'a', value: 'é' } as const]];
  return { endpoint, within: { minTime: 0, maxTime: 1 }, matcherSets: wanted, wanted };
}

async function fill(
  share: SeriesShare,
  {
    items,
    form,
    extra,
  }: { readonly items: readonly Labels[]; readonly form: string; readonly extra: Labels },
): Promise<void> {
  if (form === 'objects')
    return share.addAll(
      items.map((each) => mergeLabels(each, extra)),
      testPacer(),
    );
  const open = new OpenSeries(new OverlaidSeries(share, extra, 'extra'));
  for (const each of items) open.add(each);
}

test('the union of lists has each series once, in order, without what is merged, not wanted, or of a list that failed', async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(list, { maxLength: 4 }), async (lists) => {
      const union = new SeriesUnion(NO_BUDGET);
      const counted: SeriesShare[] = [];
      const merged = new Map<string, Labels>();
      for (const each of lists) {
        const share = union.share(routeTo('x'), MERGED);
        await fill(share, each);
        assert.equal(share.received, each.items.length);
        if (each.fails) continue;
        counted.push(share);
        for (const series of each.items.map((item) => mergeLabels(item, each.extra))) {
          const own = withoutLabels(series, MERGED);
          if (!series.join(' ').startsWith('a é')) merged.set(labelsKey(own), own);
        }
      }
      const sorted = await union.sorted(counted, testPacer());
      assert.deepEqual([...sorted], [...merged.values()].sort(compareLabels));
      assert.deepEqual([...sorted.first(2)], [...sorted].slice(0, 2));
    }),
    { seed: 56, numRuns: 300 },
  );
});

test('what comes when the union is sorted already is passed over', async () => {
  const union = new SeriesUnion(NO_BUDGET);
  const [share, late] = [union.share(routeTo('x'), MERGED), union.share(routeTo('y'), MERGED)];
  await fill(share, { items: [labelsFromRecord({ a: '1' })], form: 'taken', extra: EMPTY_LABELS });
  const sorted = await union.sorted([share], testPacer());
  await fill(late, { items: [labelsFromRecord({ a: '2' })], form: 'taken', extra: EMPTY_LABELS });
  assert.deepEqual([...sorted], [['a', '1']]);
  assert.equal(late.received, 0);
});

test('the budget holds what the union holds, and less once nothing is added any more', async () => {
  let [held, peak] = [0, 0];
  const union = new SeriesUnion({
    take: (bytes) => (peak = Math.max(peak, (held += bytes))),
    give: (bytes) => (held -= bytes),
  });
  const share = union.share(routeTo('x'), MERGED);
  const items = Array.from({ length: 10_000 }, (_, i) => labelsFromRecord({ a: 'x', b: `pod-${i}` }));
  await fill(share, { items, form: 'taken', extra: EMPTY_LABELS });
  const before = held;
  assert.ok(before > 30 * items.length && before < 120 * items.length, `${before} bytes`);
  await union.sorted([share], testPacer());
  assert.ok(held < before, `${held} bytes of ${before}`);
});
