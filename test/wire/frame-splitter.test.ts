import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import { encodeChunkedFrames } from '../../src/wire/remote-read/streamed.ts';
import { byteByByte } from '../support/byte-by-byte.ts';
import { assertReadOrRefused, damaged } from '../support/damaged.ts';
import { assertProperty } from '../support/property.ts';
import { decodeChunkedResponse } from '../support/decode-messages.ts';
import { splitFrames } from '../support/split-frames.ts';

/** Frames of different sizes: their length takes one, two and three bytes. */
const sizes = [2, 300, 20_000];
const frames = sizes.map((size, i) => {
  const data = new Uint8Array(size).fill(i);
  const chunks = [{ encoding: 1, minTime: i, maxTime: i + 1, data }];
  return [...encodeChunkedFrames([{ labels: labelsFromRecord({ size: String(size) }), chunks }])][0]!;
});
const stream = Buffer.concat(frames);

describe('FrameSplitter', () => {
  it('finds the same frames however the stream is cut into pieces', () => {
    assertProperty(
      fc.property(fc.array(fc.nat({ max: stream.length }), { maxLength: 20 }), (cuts) => {
        assert.deepEqual(split(pieces(cuts)).map(sizeOf), sizes);
      }),
      { seed: 9 },
    );
  });

  it('takes the stream byte by byte, and keeps none of the pieces', () => {
    const start = stream.subarray(0, frames[0]!.length + frames[1]!.length);
    assert.deepEqual(split(byteByByte(start)).map(sizeOf), sizes.slice(0, 2));
  });

  it('gives frames that came in one piece as views, not copies', () => {
    const [message] = splitFrames(stream);
    assert.equal(message!.buffer, stream.buffer);
  });

  it('tells of the memory for messages of several pieces', () => {
    const splitter = new FrameSplitter();
    const [head, rest] = [frames[2]!.subarray(0, 1000), frames[2]!.subarray(1000)];
    splitFrames(head, splitter);
    assertAbout(splitter.pending, 1000);
    splitter.push(rest);
    assert.ok(splitter.next());
    assertAbout(splitter.pending, frames[2]!.length);
  });

  it('takes a frame without a message', () => {
    assert.deepEqual(
      split([Uint8Array.of(0, 0, 0, 0, 0), stream]).map(({ length }) => length > 0),
      [false, true, true, true],
    );
  });

  it('tells a wrong checksum and of which frame', () => {
    const broken = Uint8Array.from(stream);
    broken[frames[0]!.length + 50]! ^= 1;
    const { length } = frames[1]!;
    const message = new RegExp(
      `^frame 2 of ${length - 6} bytes is damaged: its checksum is .{8} where .{8} was sent$`,
    );
    assert.throws(() => split([broken]), { name: 'MessageFormatError', message });
  });

  it('tells the end of the stream inside of a frame, with the bytes that came', () => {
    const cut = frames[0]!.length + 2 + 4 + 100;
    assert.throws(() => split([stream.subarray(0, cut)]), {
      message: `the stream ended after 1 frames and 100 of ${frames[1]!.length - 6} bytes of a frame`,
    });
  });

  it("tells the end of the stream inside of a frame's head", () => {
    assert.throws(() => split([stream.subarray(0, 3)]), {
      message: "the stream ended after 0 frames and 3 bytes of a frame's head",
    });
  });

  it('refuses a frame over the limit as soon as its length is there', () => {
    const splitter = new FrameSplitter(1000);
    assert.throws(() => splitFrames(stream, splitter), {
      message: `frame 3 claims ${frames[2]!.length - 7} bytes, more than the limit of 1000`,
    });
    assert.throws(() => splitFrames(new Uint8Array(5).fill(255)), {
      message: 'frame 1 claims 34359738367 bytes or more, more than the limit of 16777216',
    });
  });

  it('gives frames or a MessageFormatError for a damaged stream', () => {
    const whole = stream.subarray(0, frames[0]!.length + frames[1]!.length);
    const messages = split([whole]).map((message) => Buffer.from(message).toString('hex'));
    assertReadOrRefused(
      damaged(fc.constant(whole)),
      // The checksum leaves nothing through but what was sent.
      (bytes) =>
        split([bytes]).forEach((message, i) =>
          assert.equal(Buffer.from(message).toString('hex'), messages[i]),
        ),
      MessageFormatError,
      { numRuns: 500, seed: 10 },
    );
  });
});

function split(parts: Iterable<Uint8Array>): Uint8Array[] {
  const splitter = new FrameSplitter();
  const messages: Uint8Array[] = [];
  for (const part of parts) messages.push(...splitFrames(part, splitter));
  splitter.end();
  return messages;
}

/** What grows has room for a little more. */
function assertAbout(bytes: number, wanted: number): void {
  assert.ok(bytes > 0.9 * wanted && bytes <= 1.5 * wanted, `${bytes} bytes`);
}

function sizeOf(message: Uint8Array): number {
  return decodeChunkedResponse(message).series[0]!.chunks[0]!.data.length;
}

function pieces(cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
  return at.slice(1).map((end, i) => stream.subarray(at[i], end));
}
