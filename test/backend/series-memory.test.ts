import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeriesMemory, type EndpointMemory } from '../../src/backend/series-memory.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { Budget } from '../../src/model/budget.ts';
import { ownBudget } from '../../src/model/own-budget.ts';
import { ProtoReader } from '../../src/wire/protobuf/proto-reader.ts';
import { encodeChunkedFrames, readChunkedResponse } from '../../src/wire/remote-read/streamed.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';
import { splitFrames } from '../support/split-frames.ts';

const LIMIT = 4 * 1024 ** 2;
const DATA = { encoding: 1, minTime: 1, maxTime: 2, data: Uint8Array.of(0, 1) };

/** One answer of so many series; `mark` tells its labels from those of others. How many of them were known. */
function answer(
  endpoint: EndpointMemory,
  selector: string,
  count: number,
  mark = selector,
  budget = ownBudget(),
) {
  const lent = endpoint.lend(selector, budget);
  const batch = new SeriesBatch(lent?.known);
  const series = Array.from({ length: count }, (_, i) => ({
    labels: labelsFromRecord({ pod: `${mark} ${i}` }),
    chunks: [DATA],
  }));
  for (const frame of encodeChunkedFrames(series))
    for (const message of splitFrames(frame)) readChunkedResponse(new ProtoReader(message), batch);
  batch.trim();
  lent?.settle(batch);
  return { known: batch.recognition?.counts.recognized ?? 0, isLent: lent?.known !== undefined };
}

/** Answers a request that then ends. */
function request(endpoint: EndpointMemory, selector: string, count: number, mark?: string) {
  const budget = ownBudget();
  const answered = answer(endpoint, selector, count, mark, budget);
  budget.release();
  return answered;
}

describe('the memory of series', () => {
  it('is of one endpoint and one selector', () => {
    const memory = new SeriesMemory(LIMIT);
    const [a, b] = [memory.ofEndpoint(), memory.ofEndpoint()];
    for (let round = 0; round < 2; round++) assert.equal(request(a, 'x', 100).known, 0);
    for (let round = 0; round < 2; round++) assert.equal(request(b, 'x', 100).known, 0);
    for (let round = 0; round < 2; round++) assert.equal(request(a, 'y', 100, 'x').known, 0);
    assert.equal(request(a, 'x', 100).known, 100);
    assert.deepEqual([memory.recognized, memory.unknown], [100, 600]);
  });

  it('keeps nothing of a selector that was asked for once', () => {
    const memory = new SeriesMemory(LIMIT);
    const endpoint = memory.ofEndpoint();
    assert.equal(request(endpoint, 'x', 100).isLent, false);
    assert.equal(memory.bytes, 0);
    assert.equal(request(endpoint, 'x', 100).isLent, true);
    assert.ok(memory.bytes > 0);
  });

  it('stays within its limit, and keeps what is asked for again', () => {
    const memory = new SeriesMemory(LIMIT);
    const endpoint = memory.ofEndpoint();
    for (let round = 0; round < 3; round++) request(endpoint, 'wanted', 500);
    for (let other = 0; other < 200; other++) {
      request(endpoint, `other ${other}`, 500);
      assert.ok(memory.bytes <= LIMIT, String(memory.bytes));
    }
    assert.equal(request(endpoint, 'wanted', 500).known, 500);
    for (let other = 0; other < 200; other++)
      for (let round = 0; round < 3; round++) request(endpoint, `asked again ${other}`, 500);
    assert.ok(memory.bytes <= LIMIT, String(memory.bytes));
    assert.equal(request(endpoint, 'wanted', 500).known, 0, 'the one that was used longest ago goes');
  });

  it('begins anew where most of what it holds no longer comes', () => {
    const memory = new SeriesMemory(LIMIT);
    const endpoint = memory.ofEndpoint();
    for (let deployment = 0; deployment < 50; deployment++) request(endpoint, 'x', 500, `${deployment}`);
    assert.ok(memory.bytes < LIMIT / 4, String(memory.bytes));
    for (let round = 0; round < 2; round++) request(endpoint, 'x', 500, 'last');
    assert.equal(request(endpoint, 'x', 500, 'last').known, 500);
  });

  it('never begins where an answer is too large for it, and begins where it has become smaller', () => {
    const memory = new SeriesMemory(200_000);
    const endpoint = memory.ofEndpoint();
    for (let round = 0; round < 10; round++) assert.equal(request(endpoint, 'x', 2000).isLent, false);
    assert.equal(memory.bytes, 0);
    assert.equal(request(endpoint, 'x', 100).isLent, false);
    assert.equal(request(endpoint, 'x', 100).isLent, true);
  });

  it('keeps one answer of nearly half of what there is, also before it is asked for again', () => {
    const memory = new SeriesMemory(LIMIT);
    const endpoint = memory.ofEndpoint();
    const count = 14_000;
    for (let round = 0; round < 2; round++) request(endpoint, 'x', count);
    assert.ok(memory.bytes > LIMIT / 4, String(memory.bytes));
    assert.equal(request(endpoint, 'x', count).known, count);
  });

  it('does not try again where an answer has grown out of it', () => {
    const memory = new SeriesMemory(200_000);
    const endpoint = memory.ofEndpoint();
    for (const count of [100, 100, 2000]) request(endpoint, 'x', count);
    for (let round = 0; round < 10; round++) assert.equal(request(endpoint, 'x', 2000).isLent, false);
    assert.equal(memory.bytes, 0);
  });

  it('counts what running requests hold until they end', () => {
    const memory = new SeriesMemory(LIMIT);
    const endpoint = memory.ofEndpoint();
    const open: Budget[] = [];
    for (let i = 0; i < 80; i++) request(endpoint, `x ${i}`, 500);
    for (let i = 0; i < 80; i++) {
      const budget = ownBudget();
      answer(endpoint, `x ${i}`, 500, undefined, budget);
      open.push(budget);
    }
    const held = memory.bytes;
    assert.ok(held > LIMIT / 2, String(held));
    for (const budget of open) budget.release();
    assert.ok(memory.bytes <= LIMIT / 2, `${held}, then ${memory.bytes}`);
  });

  it('stays within its limit whatever is selected, and keeps nothing of long selectors', () => {
    const memory = new SeriesMemory(LIMIT);
    const endpoint = memory.ofEndpoint();
    for (let round = 0; round < 2; round++)
      for (let i = 0; i < 200; i++) request(endpoint, `${i} ${'x'.repeat(4000)}`, 0);
    assert.ok(memory.bytes <= LIMIT / 2, String(memory.bytes));
    assert.equal(request(endpoint, 'x'.repeat(5000), 1).isLent, false);
  });

  it('keeps nothing where it may not', () => {
    const memory = new SeriesMemory(0);
    assert.equal(request(memory.ofEndpoint(), 'x', 1).isLent, false);
    assert.equal(memory.bytes, 0);
  });
});
