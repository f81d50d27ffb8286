import { QueryError } from '../../model/errors.ts';
import type { Form } from './form.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 10_000;

/** Reads the limit of `/api/v1/status/tsdb`, with the bounds and words of Prometheus. Throws `bad_data`. */
export function readTsdbLimit(form: Form): number {
  const text = form.get('limit');
  if (text === '') return DEFAULT_LIMIT;
  const limit = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit >= 2 ** 63) throw new QueryError('bad_data', 'limit must be a positive number');
  if (limit > MAX_LIMIT) throw new QueryError('bad_data', `limit must not exceed ${MAX_LIMIT}`);
  return limit;
}
