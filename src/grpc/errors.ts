import { status } from '@grpc/grpc-js';
import { type ErrorKind, toQueryError } from '../model/errors.ts';
import { MessageFormatError } from '../wire/message-format-error.ts';

/** How a failure looks to a gRPC client. */
export interface GrpcFailure {
  readonly code: status;
  readonly details: string;
}

/** `execution` is `ABORTED` because Thanos Query answers so where a query fails while it is evaluated. */
const CODES: Readonly<Record<ErrorKind, status>> = {
  bad_data: status.INVALID_ARGUMENT,
  execution: status.ABORTED,
  too_large: status.RESOURCE_EXHAUSTED,
  timeout: status.DEADLINE_EXCEEDED,
  canceled: status.CANCELLED,
  unavailable: status.UNAVAILABLE,
  not_found: status.NOT_FOUND,
  internal: status.INTERNAL,
};

/** Turns anything thrown while a call was served into what the client sees. */
export function toGrpcFailure(thrown: unknown): GrpcFailure {
  if (thrown instanceof MessageFormatError)
    return { code: status.INVALID_ARGUMENT, details: `the request can not be read: ${thrown.message}` };
  const { kind, message } = toQueryError(thrown);
  return { code: CODES[kind], details: message };
}
