import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import { openBudget, type Budget } from '../../../src/model/budget.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { PackedSeries } from '../../../src/wire/batch/lists/packed-series.ts';
import { failure } from '../../support/fake-store.ts';
import { scopeWith } from '../../support/scopes.ts';
import { backendTo, failureOf, seriesMessage, valueOf } from './support.ts';

const LOOKUP = { matcherSets: [], minTime: 0, maxTime: 1000, limit: 0 };
const noBudget = (): Budget => openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });

async function storeOf(
  t: TestContext,
  names: readonly string[],
  code: status = status.OK,
  externalLabels = {},
) {
  return backendTo(
    t,
    {
      series: (call) => {
        for (const name of names) call.write(seriesMessage({ name, pad: name.repeat(1000) }));
        if (code === status.OK) call.end();
        else call.emit('error', failure(code, 'broken'));
      },
    },
    { externalLabels: labelsFromRecord(externalLabels) },
  );
}

function namesOf(series: Iterable<readonly string[]>): readonly string[] {
  return Array.from(series, (labels) => labels[labels.indexOf('name') + 1]!);
}

test('a taker has the series as they come, and the list none', async (t) => {
  const backend = await storeOf(t, ['b', 'c', 'a', 'b'], status.OK, { cluster: 'x' });
  const taker = new PackedSeries();
  const { items } = valueOf(await backend.series(scopeWith(), { ...LOOKUP, taker: () => taker }));
  assert.deepEqual([...items], []);
  assert.deepEqual(namesOf(taker), ['b', 'c', 'a', 'b']);
  assert.deepEqual(taker.at(0)!.slice(0, 2), ['cluster', 'x']);
});

test('of a store that knows no limit the first series in order are wanted, each once, also by a taker', async (t) => {
  const backend = await storeOf(t, ['b', 'c', 'a', 'b']);
  const wanted = { ...LOOKUP, limit: 2 };
  const listed = valueOf(await backend.series(scopeWith(), wanted));
  assert.deepEqual(namesOf(listed.items), ['a', 'b']);
  const taker = new PackedSeries();
  const taken = valueOf(await backend.series(scopeWith(), { ...wanted, taker: () => taker }));
  assert.deepEqual([...taken.items], []);
  assert.deepEqual(namesOf(taker), ['a', 'b']);
});

test('series that several alternatives have are listed once, and count once', async (t) => {
  const backend = await storeOf(t, ['b', 'a']);
  const named = (name: string): readonly Matcher[] => [{ kind: '=', name: 'name', value: name }];
  const one = noBudget();
  valueOf(await backend.series({ ...scopeWith(), budget: one }, { ...LOOKUP, matcherSets: [named('a')] }));
  const three = noBudget();
  const matcherSets = [named('a'), named('b'), named('c')];
  const { items } = valueOf(
    await backend.series({ ...scopeWith(), budget: three }, { ...LOOKUP, matcherSets }),
  );
  assert.deepEqual(namesOf(items), ['a', 'b']);
  assert.equal(three.held, one.held);
});

test('a list of series counts until the request ends', async (t) => {
  const names = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i));
  const backend = await storeOf(t, names);
  const budget = noBudget();
  const { items } = valueOf(await backend.series({ ...scopeWith(), budget }, LOOKUP));
  assert.equal(items.length, 20);
  assert.ok(budget.held > 20_000 && budget.held < 40_000, `${budget.held} bytes`);
  budget.release();
  assert.equal(budget.held, 0);
});

test('a list that breaks off does not count', async (t) => {
  const backend = await storeOf(t, ['a', 'b'], status.INTERNAL);
  const budget = noBudget();
  failureOf(await backend.series({ ...scopeWith(), budget }, LOOKUP));
  assert.equal(budget.held, 0);
});
