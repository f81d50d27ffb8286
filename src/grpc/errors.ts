import { status } from '@grpc/grpc-js';
import { type ErrorKind, toQueryError } from '../model/errors.ts';
import { MessageFormatError } from '../wire/message-format-error.ts';

/** How a failure looks to a gRPC client. */
export interface GrpcFailure {
  readonly code: status;
  readonly details: string;
}

/** `execution` is `ABORTED` because Thanos Query answers so where a query fails while it is evaluated. So is
 * `stopped`: a caller that takes it for `UNAVAILABLE` asks again at once. */
const CODES: Readonly<Record<ErrorKind, status>> = {
  bad_data: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  execution: status.ABORTED,
  too_large: status.RESOURCE_EXHAUSTED,
  overloaded: status.RESOURCE_EXHAUSTED,
  too_often: status.RESOURCE_EXHAUSTED,
  timeout: status.DEADLINE_EXCEEDED,
  canceled: status.CANCELLED,
  stopped: status.ABORTED,
  unavailable: status.UNAVAILABLE,
  not_found: status.NOT_FOUND,
  internal: status.INTERNAL,
};

/**
 * Details travel in a header field, percent-encoded. A client that finds header fields too large ends the connection, and
 * so every call on it. gRPC's C core allows 8 KiB in all. Counted in characters of the field.
 */
const MOST_DETAILS = 4096;

/** Turns anything thrown while a call was served into what the client sees. */
export function toGrpcFailure(thrown: unknown): GrpcFailure {
  const failure = failureOf(thrown);
  return { ...failure, details: sendable(failure.details) };
}

function failureOf(thrown: unknown): GrpcFailure {
  if (thrown instanceof MessageFormatError)
    return { code: status.INVALID_ARGUMENT, details: `the request cannot be read: ${thrown.message}` };
  const { kind, message } = toQueryError(thrown);
  return { code: CODES[kind], details: message };
}

/** A text as a header field can carry it: a lone surrogate has no percent-encoding, and a long text is cut. */
function sendable(message: string): string {
  const text = message.slice(0, MOST_DETAILS + 1).toWellFormed();
  if (encodeURI(text).length <= MOST_DETAILS) return text;
  let room = MOST_DETAILS - encodeURI('…').length;
  let length = 0;
  for (const character of text) {
    room -= encodeURI(character).length;
    if (room < 0) break;
    length += character.length;
  }
  return `${text.slice(0, length)}…`;
}
