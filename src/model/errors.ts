/**
 * The one error type that crosses layers. Transports turn its kind into a status in exactly one file each;
 * everything below them only chooses the kind and writes the sentence.
 */
export type ErrorKind =
  | 'bad_data'
  /** Nobody knows who asks. */
  | 'unauthenticated'
  /** It is known who asks, and that one may not. */
  | 'forbidden'
  | 'execution'
  | 'timeout'
  | 'canceled'
  /** Somebody other than the caller ended the request. */
  | 'stopped'
  | 'unavailable'
  | 'not_found'
  | 'too_large'
  /** The process has no room for the request now; another time it may. */
  | 'overloaded'
  /** The caller asks more often than it may. */
  | 'too_often'
  | 'internal';

/** A failure that a caller should see: `message` is a sentence for people, `kind` is for programs. */
export class QueryError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: { readonly cause?: unknown }) {
    // A stack takes longer than all else of a refusal, and leads only from a mistake of our own to where it was made.
    const { stackTraceLimit } = Error;
    if (kind !== 'internal') Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'QueryError';
    this.kind = kind;
  }
}

/** Narrows an unknown thrown value: a QueryError stays itself, anything else becomes `internal`. */
export function toQueryError(thrown: unknown): QueryError {
  if (thrown instanceof QueryError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new QueryError('internal', message, { cause: thrown });
}

/** Guards an invariant of our own code. The prefix tells a reader of the log that no input can excuse it. */
export function bug(what: string): never {
  throw new QueryError('internal', `BUG: ${what}`);
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
