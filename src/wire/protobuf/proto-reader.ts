import { MessageFormatError } from '../message-format-error.ts';
import { decodeUtf8 } from './utf8.ts';

/** Wire types of protobuf (protobuf.dev/programming-guides/encoding); groups (3, 4) are no longer in use. */
export const WireType = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** What stands before a field: its number and its wire type. */
export function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

/** More than any message has: what is left where nobody bounds it. */
const ANY_NUMBER = 2 ** 30;

const scratch = new Float64Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/**
 * Reads one message from bytes without objects in between:
 *
 *     while (reader.next())
 *       switch (reader.field) { case 1: time = reader.int64(); break; default: reader.skip(); }
 *
 * 64-bit integers come back as float64, rounded beyond 2^53. Every read checks the bounds and the wire type and
 * throws {@link MessageFormatError}.
 */
export class ProtoReader {
  /** Number and wire type of the field that {@link next} found. */
  field = 0;
  wireType = 0;
  /** How many bytes {@link span} found. */
  length = 0;
  /** The bytes that the message stands in. */
  readonly all: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #messageEnd: number;
  #position: number;
  #end: number;
  #fieldsLeft = ANY_NUMBER;
  /** Halves of the varint that was read last. */
  #high = 0;
  #low = 0;

  /** Reads the message that stands in the bytes [start, end). */
  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length) {
    this.all = bytes;
    this.#bytes = bytes;
    this.#start = start;
    this.#messageEnd = end;
    this.#position = start;
    this.#end = end;
  }

  /** Steps to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#position === this.#end) return false;
    if (--this.#fieldsLeft < 0) this.#fail('is one too many of those that are read at a stretch');
    this.#varint();
    const tag = this.#low;
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0 || this.#high !== 0) this.#fail('has an invalid field number');
    return true;
  }

  /** Steps over a field that the reader of the message does not know. */
  skip(): void {
    switch (this.wireType) {
      case WireType.varint:
        this.#varint();
        return;
      case WireType.fixed64:
        this.#advance(8);
        return;
      case WireType.delimited:
        this.#advance(this.#length());
        return;
      case WireType.fixed32:
        this.#advance(4);
        return;
      default:
        this.#fail(`has the wire type ${this.wireType}, which is unknown`);
    }
  }

  /**
   * Bounds how many fields are read from here on, those of embedded messages included, until this is called again. The smallest fields
   * have two bytes, so a message of some MB can have millions of them.
   */
  allowFields(count: number): void {
    this.#fieldsLeft = count;
  }

  /** Goes into an embedded message: {@link next} stops at its end. Give what this returns to {@link leave}. */
  enter(): number {
    this.#expect(WireType.delimited);
    const outer = this.#end;
    const length = this.#length();
    this.#end = this.#position + length;
    return outer;
  }

  /** Where the next field begins in {@link all}. */
  get position(): number {
    return this.#position;
  }

  /** Where the message that was entered last ends. */
  get end(): number {
    return this.#end;
  }

  /** Whether nothing is left of the message that was entered last. */
  get isAtEnd(): boolean {
    return this.#position === this.#end;
  }

  /** Goes on at the start of another field of the same message, whose fields up to there are known otherwise. */
  moveTo(position: number): void {
    this.#position = position;
  }

  leave(outer: number): void {
    this.#position = this.#end;
    this.#end = outer;
  }

  /** uint32, bool and enum values; larger numbers are cut to 32 bits as protobuf demands. */
  uint32(): number {
    this.#expect(WireType.varint);
    this.#varint();
    return this.#low;
  }

  uint64(): number {
    this.#expect(WireType.varint);
    this.#varint();
    return this.#high * 2 ** 32 + this.#low;
  }

  int64(): number {
    this.#expect(WireType.varint);
    this.#varint();
    return (this.#high | 0) * 2 ** 32 + this.#low;
  }

  sint32(): number {
    const zigzag = this.uint32();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  sint64(): number {
    this.#expect(WireType.varint);
    return this.#sint64();
  }

  double(): number {
    this.#expect(WireType.fixed64);
    return this.#double();
  }

  /** A view on the bytes of the message, not a copy. */
  bytes(): Uint8Array {
    const at = this.span();
    return this.#bytes.subarray(at, at + this.length);
  }

  /** Where the bytes of a field begin in {@link all}; how many they are stands in {@link length}. */
  span(): number {
    this.#expect(WireType.delimited);
    this.length = this.#length();
    return this.#advance(this.length);
  }

  string(): string {
    const at = this.span();
    return decodeUtf8(this.#bytes, at, this.length);
  }

  /** One field of `repeated double`, packed or not. */
  doublesInto(target: number[]): void {
    if (this.wireType !== WireType.delimited) {
      target.push(this.double());
      return;
    }
    const outer = this.enter();
    while (this.#position < this.#end) target.push(this.#double());
    this.leave(outer);
  }

  /** One field of `repeated sint64`, packed or not. */
  sint64sInto(target: number[]): void {
    if (this.wireType !== WireType.delimited) {
      target.push(this.sint64());
      return;
    }
    const outer = this.enter();
    while (this.#position < this.#end) target.push(this.#sint64());
    this.leave(outer);
  }

  /** One field of `repeated uint32` or of enums, packed or not. */
  uint32sInto(target: number[]): void {
    if (this.wireType !== WireType.delimited) {
      target.push(this.uint32());
      return;
    }
    const outer = this.enter();
    while (this.#position < this.#end) {
      this.#varint();
      this.countItem();
      target.push(this.#low);
    }
    this.leave(outer);
  }

  /** Called for each value of a packed list of numbers. One takes a byte, so a reader of what strangers send bounds them. */
  protected countItem(): void {}

  #sint64(): number {
    this.#varint();
    const odd = this.#low & 1;
    const half = (this.#high >>> 1) * 2 ** 32 + (((this.#high << 31) | (this.#low >>> 1)) >>> 0);
    return odd === 0 ? half : -half - 1;
  }

  #double(): number {
    const at = this.#advance(8);
    scratchBits[0] = this.#word(at);
    scratchBits[1] = this.#word(at + 4);
    return scratch[0]!;
  }

  #word(at: number): number {
    const bytes = this.#bytes;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  #varint(): void {
    const bytes = this.#bytes;
    let at = this.#position;
    let byte = at < this.#end ? bytes[at++]! : this.#cutOff();
    let low = byte & 0x7f;
    let high = 0;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > 63) this.#fail('has a varint of more than 10 bytes');
      byte = at < this.#end ? bytes[at++]! : this.#cutOff();
      const group = byte & 0x7f;
      if (shift < 32) low |= group << shift;
      if (shift > 28) high |= group << (shift - 32);
      else if (shift === 28) high = group >>> 4;
    }
    this.#position = at;
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }

  #length(): number {
    this.#varint();
    const length = this.#high * 2 ** 32 + this.#low;
    if (length > this.#end - this.#position)
      this.#fail(`claims ${length} bytes where ${this.#end - this.#position} are left`);
    return length;
  }

  /** Moves on by `count` bytes and returns where they start. */
  #advance(count: number): number {
    const at = this.#position;
    if (count > this.#end - at) this.#cutOff();
    this.#position = at + count;
    return at;
  }

  #expect(wireType: number): void {
    if (this.wireType !== wireType)
      this.#fail(`has the wire type ${this.wireType} where ${wireType} belongs`);
  }

  #cutOff(): never {
    this.#fail('is cut off');
  }

  #fail(what: string): never {
    throw new MessageFormatError(
      `field ${this.field} at byte ${this.#position - this.#start} of a message of ` +
        `${this.#messageEnd - this.#start} bytes ${what}`,
    );
  }
}
