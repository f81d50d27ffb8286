import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSource } from '../../../src/engine/series-source.ts';
import { limitedSelection } from '../../../src/gateway/limits/limited-selection.ts';
import { limitSelects } from '../../../src/gateway/limit-selects.ts';
import { scopeWith } from '../../support/scopes.ts';
import { selectionOf } from '../support.ts';

test('what a source offers beside its series stays where it is limited', () => {
  const source: SeriesSource = {
    readsByFunction: true,
    distributes: true,
    select: async () => ({ series: [], annotations: [] }),
  };
  const clock = { now: () => 0, monotonic: () => 0 };
  const limited = limitedSelection(selectionOf({ source: () => source }), clock).source(scopeWith());
  for (const { readsByFunction, distributes } of [limited, limitSelects(source, 4)])
    assert.deepEqual({ readsByFunction, distributes }, { readsByFunction: true, distributes: true });
});
