import { messageOf, QueryError } from '../model/errors.ts';

/** `invalid parameter "step": …`, the sentence of Prometheus' API for everything that is wrong with one parameter. */
export function invalidParameter(name: string, cause: unknown): QueryError {
  return new QueryError('bad_data', `invalid parameter "${name}": ${messageOf(cause)}`, { cause });
}
