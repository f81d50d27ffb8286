import { MessageFormatError } from '../message-format-error.ts';

/** Prometheus' own series have some ten of each; a series of millions of them would hold up everything while it is read. */
export const MOST_LABELS = 10_000;
export const MOST_CHUNKS = 200_000;
/** Fields of protobuf that a message may say a series with, those of its labels and chunks included. Some 20 ms of reading. */
export const MOST_FIELDS = 2_000_000;

/** All encodings begin with their number of samples, in two bytes. */
export const COUNT_BYTES = 2;

export function tooManyLabels(): MessageFormatError {
  return new MessageFormatError(`a series has more than ${MOST_LABELS} labels`);
}

export function tooManyChunks(most: number): MessageFormatError {
  return new MessageFormatError(`a series has more than ${most} chunks in one message`);
}

/** Throws MessageFormatError for a chunk that is too short for any encoding: it would pass for one without samples. */
export function checkChunkLength(length: number): void {
  if (length < COUNT_BYTES)
    throw new MessageFormatError(`a chunk of ${length} bytes is too short to say how many samples it has`);
}
