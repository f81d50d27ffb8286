import { QueryError } from '../model/errors.ts';

/**
 * Levels of an expression that are shown. Indentation grows with the square of them: 10,000 would be 200 MB of blanks. And
 * JSON writers recurse, so that deeper trees would overflow their stack.
 */
export const MAX_LEVELS = 1000;

/** @param what cannot be done with an expression of more levels. */
export function tooDeep(what: string): QueryError {
  return new QueryError('too_large', `expression nests more than ${MAX_LEVELS} levels deep; ${what}`);
}
