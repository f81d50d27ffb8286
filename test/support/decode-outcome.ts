import assert from 'node:assert/strict';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { ChunkFormatError } from '../../src/wire/chunk/chunk-format-error.ts';
import { sampleWords } from './sample-words.ts';

/** A decoder of chunks. */
export type Decode = (data: Uint8Array, target: SampleBuffer, minTime: number, maxTime: number) => void;

const ALL = [-Infinity, Infinity] as const;

/** What a decoder appends to a sample that is there already, with all bits, as text; or what is wrong with the chunk. */
export function decodeOutcome(
  decode: Decode,
  data: Uint8Array,
  [minTime, maxTime]: readonly [number, number] = ALL,
): string {
  const target = new SampleBuffer();
  target.push(-(2 ** 53), 1);
  try {
    decode(data, target, minTime, maxTime);
  } catch (error) {
    assert.ok(error instanceof ChunkFormatError, String(error));
    return error.message;
  }
  const words = Buffer.from(sampleWords(target, { starts: true })).toString('base64');
  return `${target.length} ${target.st !== undefined} ${words}`;
}

/** The times at two shares of the time that a chunk covers, ms; all times where it holds nothing. */
export function rangeWithin(
  decode: Decode,
  data: Uint8Array,
  [from, to]: readonly [number, number],
): readonly [number, number] {
  const target = new SampleBuffer();
  try {
    decode(data, target, -Infinity, Infinity);
  } catch {
    return ALL;
  }
  if (target.length === 0) return ALL;
  const first = target.t[0]!;
  const length = target.t[target.length - 1]! - first + 1;
  return [Math.floor(first + from * length), Math.floor(first + to * length)];
}
