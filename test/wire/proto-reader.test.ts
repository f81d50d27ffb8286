import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import { ProtoReader } from '../../src/wire/protobuf/proto-reader.ts';
import { assertReadOrRefused } from '../support/damaged.ts';
import { assertProperty } from '../support/property.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Everything {
    uint32 small = 1;
    uint64 unsigned = 2;
    int64 signed = 3;
    sint32 zigzag = 4;
    sint64 long_zigzag = 5;
    double number = 6;
    string text = 7;
    bytes data = 8;
    repeated double numbers = 9;
    repeated double loose_numbers = 10 [packed = false];
    repeated sint64 zigzags = 11;
    repeated uint32 smalls = 12;
    Everything inner = 13;
    fixed32 skipped32 = 100;
    fixed64 skipped64 = 101;
    string skipped_text = 102;
    int64 skipped_number = 103;
  }`);
const Everything = root.lookupType('Everything');

const safe = fc.maxSafeInteger();
const fields = {
  small: fc.nat({ max: 2 ** 31 - 1 }),
  unsigned: fc.maxSafeNat(),
  signed: safe,
  zigzag: fc.integer(),
  longZigzag: safe,
  number: fc.double(),
  text: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.toWellFormed()),
  data: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  numbers: fc.array(fc.double(), { maxLength: 5 }),
  looseNumbers: fc.array(fc.double(), { maxLength: 5 }),
  zigzags: fc.array(safe, { maxLength: 5 }),
  smalls: fc.array(fc.nat(), { maxLength: 5 }),
};
const skipped = {
  skipped32: fc.nat(),
  skipped64: fc.maxSafeNat(),
  skippedText: fc.string(),
  skippedNumber: safe,
};

type Values = Record<string, unknown>;

describe('ProtoReader', () => {
  it('reads what protobufjs writes, whatever it does not know', () => {
    const message = fc.record({ ...fields, inner: fc.record(fields), ...skipped });
    assertProperty(
      fc.property(message, ({ skipped32, skipped64, skippedText, skippedNumber, ...known }) => {
        const written = { ...known, skipped32, skipped64, skippedText, skippedNumber };
        const bytes = Everything.encode(Everything.fromObject(written)).finish();
        assert.deepEqual(withDefaults(readEverything(new ProtoReader(bytes))), withDefaults(known));
      }),
      { seed: 7 },
    );
  });

  it('reads int64 and uint64 beyond 2^53 as the nearest float64', () => {
    const reader = new ProtoReader(Uint8Array.of(0x18, ...Array.from({ length: 8 }, () => 0xff), 0x7f));
    assert.ok(reader.next());
    assert.equal(reader.int64(), 2 ** 63);
  });

  it('tells where bytes stand', () => {
    const bytes = Everything.encode(Everything.fromObject({ text: 'instance' })).finish();
    const reader = new ProtoReader(bytes);
    reader.next();
    const at = reader.span();
    assert.equal(Buffer.from(reader.all).toString('utf8', at, at + reader.length), 'instance');
  });

  const broken: Readonly<Record<string, readonly [bytes: readonly number[], message: RegExp]>> = {
    'a length beyond the end': [[0x3a, 5, 65], /field 7 .* claims 5 bytes where 1 are left/],
    'a length beyond the end of the message around it': [
      [0x6a, 2, 0x3a, 1, 65],
      /claims 1 bytes where 0 are left/,
    ],
    'a double that is cut off': [[0x31, 1, 2, 3], /field 6 .* is cut off/],
    'a varint that is cut off': [[0x18, 0x80], /field 3 .* is cut off/],
    'a varint without end': [
      [0x18, ...Array.from({ length: 12 }, () => 0x80)],
      /varint of more than 10 bytes/,
    ],
    'another wire type than the field has': [[0x1a, 0], /field 3 .* has the wire type 2 where 0 belongs/],
    'the field number 0': [[0x00, 0], /invalid field number/],
    'a wire type that is no longer in use': [[0xa3, 0x06], /wire type 3, which is unknown/],
  };
  for (const [what, [bytes, message]] of Object.entries(broken))
    it(`refuses ${what}`, () => {
      assert.throws(() => readEverything(new ProtoReader(Uint8Array.from(bytes))), {
        name: 'MessageFormatError',
        kind: 'bad_data',
        message,
      });
    });

  it('never runs away on random bytes', () => {
    assertReadOrRefused(
      fc.uint8Array({ maxLength: 100 }),
      (bytes) => readEverything(new ProtoReader(bytes)),
      MessageFormatError,
      { numRuns: 2000, seed: 8 },
    );
  });
});

function readEverything(reader: ProtoReader): Values {
  const values: Values = {};
  const numbers: number[] = [];
  const looseNumbers: number[] = [];
  const zigzags: number[] = [];
  const smalls: number[] = [];
  const readers: Readonly<Record<number, () => void>> = {
    1: () => (values['small'] = reader.uint32()),
    2: () => (values['unsigned'] = reader.uint64()),
    3: () => (values['signed'] = reader.int64()),
    4: () => (values['zigzag'] = reader.sint32()),
    5: () => (values['longZigzag'] = reader.sint64()),
    6: () => (values['number'] = reader.double()),
    7: () => (values['text'] = reader.string()),
    8: () => (values['data'] = reader.bytes()),
    9: () => reader.doublesInto(numbers),
    10: () => reader.doublesInto(looseNumbers),
    11: () => reader.sint64sInto(zigzags),
    12: () => reader.uint32sInto(smalls),
    13: () => {
      const outer = reader.enter();
      values['inner'] = readEverything(reader);
      reader.leave(outer);
    },
  };
  while (reader.next()) (readers[reader.field] ?? (() => reader.skip()))();
  return { ...values, numbers, looseNumbers, zigzags, smalls };
}

/** Fields with their default value need not be on the wire. */
function withDefaults(values: Values): Values {
  const defaults = { small: 0, unsigned: 0, signed: 0, zigzag: 0, longZigzag: 0, number: 0, text: '' };
  const { inner, data, ...rest } = values;
  return {
    ...defaults,
    ...rest,
    data: [...((data ?? []) as Uint8Array)],
    ...(inner !== undefined && { inner: withDefaults(inner as Values) }),
  };
}
