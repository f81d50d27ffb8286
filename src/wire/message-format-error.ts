import { QueryError } from '../model/errors.ts';

/** Bytes that are not the message they should be. A request like this is the client's fault, hence `bad_data`. */
export class MessageFormatError extends QueryError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('bad_data', message, options);
    this.name = 'MessageFormatError';
  }
}
