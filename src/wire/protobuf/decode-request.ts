import { isUtf8 } from 'node:buffer';
import { MessageFormatError } from '../message-format-error.ts';
import type { MessageCodec } from './message-codec.ts';
import { ProtoReader } from './proto-reader.ts';
import { decodeUtf8 } from './utf8.ts';

/** Of a request, with those of all messages inside and the numbers in lists: as many as an HTTP request may have parameters. */
const MOST_FIELDS = 10_000;

/**
 * Reads the request of a client. Throws MessageFormatError, also for more than 10,000 fields: one takes two bytes, so
 * that a small message may hold a million, which would become as many objects while all others wait.
 */
export function decodeRequest<T>(codec: MessageCodec<T>, bytes: Uint8Array): T {
  return codec.read(new RequestReader(bytes));
}

/** A reader that throws MessageFormatError also for texts that are no UTF-8, since another text would be asked for. */
export class RequestReader extends ProtoReader {
  #left = MOST_FIELDS;

  override next(): boolean {
    if (!super.next()) return false;
    this.countItem();
    return true;
  }

  protected override countItem(): void {
    if (--this.#left < 0)
      throw new MessageFormatError(`it has more than ${MOST_FIELDS} fields, the most that are read`);
  }

  override string(): string {
    const at = this.span();
    if (!isUtf8(this.all.subarray(at, at + this.length)))
      throw new MessageFormatError(`a text of ${this.length} bytes is no valid UTF-8`);
    return decodeUtf8(this.all, at, this.length);
  }
}
