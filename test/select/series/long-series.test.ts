import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { SelectedSeries } from '../../../src/engine/series-source.ts';
import type { EncodedChunk } from '../../../src/model/chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { eagerPace } from '../../support/pace.ts';
import { memoryEndpoint, messages, NEVER, REQUEST, scopeOf, selectionOf } from '../support.ts';

/** Chunks of 60 kB. */
function chunksOf(replica: number, phase: number = replica): readonly EncodedChunk[] {
  const columns = new SampleBuffer();
  for (let i = 0; i < 9000; i++)
    if (i % (7 + replica) !== 3) columns.push(1000 * i + phase, Math.sqrt(i + replica));
  return encodeColumns(columns);
}

function endpoint(replica: number, chunks: readonly EncodedChunk[]): Endpoint {
  const series = { labels: labelsFromRecord({ __name__: 'm' }), data: { kind: 'chunks', chunks } as const };
  return memoryEndpoint(`${replica}:1`, { __replica__: String(replica) }, [series]);
}

async function select(endpoints: readonly Endpoint[]) {
  const set = await selectionOf(...endpoints)
    .source(scopeOf())
    .select(REQUEST, NEVER);
  return { series: set.series.at(0)!, remarks: () => messages(set.annotations) };
}

/** Reads a series giving way whenever it may, and tells how often it did. */
async function readPaced(series: SelectedSeries): Promise<readonly [number, SampleBuffer]> {
  const [pace, target] = [eagerPace(), new SampleBuffer()];
  await series.readPaced!(target, pace);
  return [pace.pauses, target];
}

function samplesOf({ t, v, length }: SampleBuffer): readonly Float64Array[] {
  return [t.slice(0, length), v.slice(0, length)];
}

describe('a long series', () => {
  it('is the same where reading it gives way, also to other reads of it', async () => {
    const { series } = await select([endpoint(0, chunksOf(0)), endpoint(1, chunksOf(1))]);
    const expected = new SampleBuffer();
    series.read(expected);
    const reads = [readPaced(series), readPaced(series)];
    series.read(new SampleBuffer());
    for (const [pauses, target] of await Promise.all(reads)) {
      assert.ok(pauses > 100, `${pauses} pauses`);
      assert.deepEqual(samplesOf(target), samplesOf(expected));
    }
  });

  it('of one replica is what that has', async () => {
    const { series } = await select([endpoint(1, [...chunksOf(1), ...chunksOf(1, 500)])]);
    const expected = new SampleBuffer();
    series.read(expected);
    const [pauses, target] = await readPaced(series);
    assert.ok(pauses > 100, `${pauses} pauses`);
    assert.deepEqual(samplesOf(target), samplesOf(expected));
  });

  it('says of which replica the chunks cannot be read', async () => {
    const whole = chunksOf(1);
    const broken = { ...whole[40]!, data: whole[40]!.data.slice(0, 20) };
    const { series, remarks } = await select([
      endpoint(0, chunksOf(0)),
      endpoint(
        1,
        whole.map((chunk, i) => (i === 40 ? broken : chunk)),
      ),
    ]);
    const alone = await select([endpoint(0, chunksOf(0))]);
    const [, target] = await readPaced(series);
    const [, expected] = await readPaced(alone.series);
    assert.deepEqual(samplesOf(target), samplesOf(expected));
    assert.match(remarks().join(), /1:1/);
  });

  it('that is short is read at once', async () => {
    const { series } = await select([endpoint(0, chunksOf(0).slice(0, 3))]);
    const pace = eagerPace();
    assert.equal(series.readPaced!(new SampleBuffer(), pace), undefined);
    assert.equal(pace.pauses, 0);
  });
});
