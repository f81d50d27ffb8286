import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childOf, traceOf, traceparentOf } from '../../src/model/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const GOOD = `00-${TRACE}-${PARENT}-01`;

describe('the trace of a caller', () => {
  it('goes on, with a span of this gateway below its own', () => {
    const trace = traceOf(GOOD, 'congo=t61rcWkgMzE, rojo=00f067aa0ba902b7');
    assert.match(trace.spanId, /^[\da-f]{16}$/);
    assert.notEqual(trace.spanId, PARENT);
    const state = 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7';
    assert.deepEqual(
      { ...trace, spanId: '' },
      { traceId: TRACE, spanId: '', parentId: PARENT, isSampled: true, state },
    );
    assert.equal(traceparentOf(trace), `00-${TRACE}-${trace.spanId}-01`);
    const child = childOf(trace);
    assert.equal(child.parentId, trace.spanId);
    assert.notEqual(child.spanId, trace.spanId);
  });

  it('may be of a later version, whose further members are left out', () => {
    assert.equal(traceOf(`cc-${TRACE}-${PARENT}-00-more`, '').traceId, TRACE);
    assert.equal(traceOf(`cc-${TRACE}-${PARENT}-09`, '').isSampled, true);
  });

  for (const [what, header] of [
    ['is missing', undefined],
    ['comes twice', `${GOOD}, ${GOOD}`],
    ['is of the version that there will never be', `ff-${TRACE}-${PARENT}-01`],
    ['has more than its version has', `${GOOD}-00`],
    ['has no trace id', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['has no span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['is in upper case', GOOD.toUpperCase()],
    ['is too short', GOOD.slice(0, -1)],
    ['is endless', `01-${TRACE}-${PARENT}-01-${'x'.repeat(10_000)}`],
    ['has a line feed behind it', `${GOOD}\n`],
    ['is a list', [GOOD]],
  ] as const)
    it(`is replaced by a new one where it ${what}, and its state with it`, () => {
      const trace = traceOf(header, 'congo=1');
      assert.match(trace.traceId, /^[\da-f]{32}$/);
      assert.notEqual(trace.traceId, TRACE);
      assert.deepEqual([trace.parentId, trace.isSampled, trace.state], [undefined, false, '']);
    });

  for (const [what, state] of [
    ['a key without a value', 'congo'],
    ['a value with an equals sign', 'congo=a=b'],
    ['a key in upper case', 'Congo=1'],
    ['a line feed', 'congo=1\nx: y'],
    ['more than 32 members', Array.from({ length: 33 }, (_, i) => `a${i}=1`).join(',')],
    ['more than 512 characters', `a=${'x'.repeat(250)},b=${'x'.repeat(250)},c=${'x'.repeat(20)}`],
  ])
    it(`is passed on without a state of ${what}`, () => {
      const { traceId, state: kept } = traceOf(GOOD, state);
      assert.deepEqual([traceId, kept], [TRACE, '']);
    });
});
