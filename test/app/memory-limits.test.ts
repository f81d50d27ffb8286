import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelMemoryLimit, memoryLimits, thisMachine } from '../../src/app/memory-limits.ts';

const GIB = 1024 ** 3;

test('without a setting, requests may hold half of the memory or four fifths of the heap, and one of them half of that', () => {
  assert.deepEqual(memoryLimits({}, { memory: 2 * GIB, heap: 4 * GIB }), {
    ofProcess: GIB,
    ofQuery: GIB / 2,
  });
  assert.deepEqual(memoryLimits({}, { memory: 80 * GIB, heap: 5 * GIB }), {
    ofProcess: 4 * GIB,
    ofQuery: 2 * GIB,
  });
});

test('settings count; 0 is no limit', () => {
  const machine = { memory: 2 * GIB, heap: 4 * GIB };
  assert.deepEqual(memoryLimits({ max_memory: 100 }, machine), { ofProcess: 100, ofQuery: 50 });
  assert.deepEqual(memoryLimits({ max_memory: 0 }, machine), { ofProcess: 0, ofQuery: 0 });
  assert.deepEqual(memoryLimits({ max_memory_per_query: 7 }, machine), { ofProcess: GIB, ofQuery: 7 });
});

test('this process has a memory and a heap', () => {
  const { memory, heap } = thisMachine();
  assert.ok(memory > 16 * 1024 ** 2 && memory < 2 ** 50, String(memory));
  assert.ok(heap > 16 * 1024 ** 2 && heap < 2 ** 50, String(heap));
});

test('labels of series take a tenth of what requests may hold, and of what they would without a setting where there is no limit', () => {
  const machine = { memory: GIB, heap: 4 * GIB };
  assert.equal(labelMemoryLimit({ ofProcess: 1000, ofQuery: 0 }, machine), 100);
  assert.equal(labelMemoryLimit({ ofProcess: 0, ofQuery: 0 }, machine), Math.floor(GIB / 20));
  assert.equal(labelMemoryLimit({ ofProcess: 100 * GIB, ofQuery: 0 }, machine), GIB / 16);
});
