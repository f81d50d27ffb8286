import { QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';
import type { Form } from './form.ts';
import { readText } from './read-parameter.ts';

/** Reads a whole number of so many bits as Go's `strconv.ParseInt` does. Where it is none, says why in Go's words. */
export function parseInteger(text: string, bits: number): bigint | 'invalid syntax' | 'value out of range' {
  if (!/^[+-]?\d+$/.test(text)) return 'invalid syntax';
  const number = BigInt(text.replace('+', ''));
  return BigInt.asIntN(bits, number) === number ? number : 'value out of range';
}

/** Reads `limit`; 0 and an absent one mean no limit. Throws `bad_data` with Prometheus' sentences. */
export function parseLimit(text: string): number {
  if (text === '') return 0;
  const limit = parseInteger(text, 64);
  if (typeof limit === 'string')
    throw new QueryError('bad_data', `strconv.Atoi: parsing ${quote(text)}: ${limit}`);
  if (limit < 0n) throw new QueryError('bad_data', 'limit must be non-negative');
  return Math.min(Number(limit), Number.MAX_SAFE_INTEGER);
}

/**
 * Reads a limit of the metadata calls, which is any int64. Undefined, which is no limit, where it is absent or less than
 * `least`. Throws `bad_data`.
 */
export function readLimit(form: Form, name: string, least: number): number | undefined {
  const text = readText(form, name);
  if (text === '') return undefined;
  const limit = parseInteger(text, 64);
  if (typeof limit === 'string') throw new QueryError('bad_data', `${name} must be a number`);
  return limit < least ? undefined : Number(limit);
}
