import { MessageFormatError } from '../message-format-error.ts';
import type { MessageCodec } from './message-codec.ts';
import { ProtoReader } from './proto-reader.ts';

/** Of a request, with those of all messages inside: as many as an HTTP request may have parameters. */
const MOST_FIELDS = 10_000;

/**
 * Reads the request of a client. Throws MessageFormatError, also for more than 10,000 fields: one takes two bytes, so
 * that a small message may hold a million, which would become as many objects while all others wait.
 */
export function decodeRequest<T>(codec: MessageCodec<T>, bytes: Uint8Array): T {
  return codec.read(new RequestReader(bytes));
}

class RequestReader extends ProtoReader {
  #left = MOST_FIELDS;

  override next(): boolean {
    if (!super.next()) return false;
    if (--this.#left < 0)
      throw new MessageFormatError(`it has more than ${MOST_FIELDS} fields, the most that are read`);
    return true;
  }
}
