import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ColumnSlab } from '../../src/model/column-slab.ts';

describe('columns that are cut from blocks', () => {
  it('share few blocks and no place', () => {
    const slab = new ColumnSlab();
    const columns = Array.from({ length: 5000 }, (_, i) => slab.take(50).fill(i));
    assert.ok(columns.every((column, i) => column.length === 50 && column.every((value) => value === i)));
    assert.ok(new Set(columns.map(({ buffer }) => buffer)).size < 20);
  });

  it('take little where there are few of them', () => {
    assert.ok(new ColumnSlab().take(10).buffer.byteLength <= 4096);
  });

  it('have arrays of their own where they are long', () => {
    const slab = new ColumnSlab();
    slab.take(10);
    assert.equal(slab.take(1e6).byteOffset, 0);
    assert.equal(slab.take(0).length, 0);
  });

  it('are copies', () => {
    const column = Float64Array.of(1, Number.NaN, -0);
    const copy = new ColumnSlab().copy(column);
    column.fill(7);
    assert.deepEqual(copy, Float64Array.of(1, Number.NaN, -0));
  });
});
