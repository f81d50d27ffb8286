import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FALLS_SHORT } from './falls-short.ts';
import { startFleet, type Fleet } from './fleet/fleet.ts';
import { rowsNamed } from './rows/all-rows.ts';
import { SHORT } from './rows/row.ts';
import { tableRow } from './table.ts';

/**
 * Both transports, a replica and a shard, a fault of a process and one of the network, a list that changes and a clock that is off. `npm run faults`
 * runs all rows, and longer.
 */
const ROWS = ['killed-http', 'corrupts-grpc', 'shard-killed-http', 'srv-changes', 'replica-clock-ahead'];

describe('eight clients ask while servers fail', () => {
  let fleet: Fleet;
  before(async () => {
    fleet = await startFleet();
  });
  after(async () => fleet?.stop());

  for (const row of rowsNamed(ROWS))
    test(row.name, async (t) => {
      const result = await row.run(fleet, SHORT);
      t.diagnostic(tableRow(row.name, result));
      assert.deepEqual(result.problems, []);
    });
});

test('every row that is known to fall short is one', () => {
  assert.equal(rowsNamed(Object.keys(FALLS_SHORT)).length, Object.keys(FALLS_SHORT).length);
});
