import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseRows, parseOptions } from './options.ts';
import { rowsOf } from './rows.ts';
import { SIZES } from './workload/sizes.ts';

test('without flags it is the full size, healthy, with all rows', () => {
  const { size, outages, network, rows } = parseOptions([]);
  assert.deepEqual(
    { size, outages, network, rows },
    { size: 'full', outages: 'none', network: false, rows: undefined },
  );
  assert.equal(chooseRows(rowsOf(SIZES.full), rows).length, 14);
});

test('rows are taken by name in the order of the table', () => {
  const { rows } = parseOptions(['--rows', 'raw,sum-rate']);
  const names = chooseRows(rowsOf(SIZES.full), rows).map(({ name }) => name);
  assert.deepEqual(names, ['sum-rate', 'raw']);
});

test('what cannot be measured is refused with a sentence', () => {
  assert.throws(() => parseOptions(['--size', 'huge']), /small, medium or full, not huge/);
  assert.throws(() => parseOptions(['--read-once', 'on']), /--read-once is auto or off, not on/);
  assert.throws(() => parseOptions(['--pushdown', 'on']), /--pushdown is auto or off, not on/);
  assert.throws(() => parseOptions(['--outages', '--outage']), /two workloads; take one/);
  assert.throws(() => parseOptions(['--threads', 'two']), /--threads is a number, not two/);
  assert.throws(() => parseOptions(['--profile', 'raw', '--rows', 'raw']), /leave --rows out/);
  assert.throws(() => chooseRows(rowsOf(SIZES.full), ['rows']), /no row is named rows; there are sum-rate/);
});
