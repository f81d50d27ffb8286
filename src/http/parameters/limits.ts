import { QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';
import type { Form } from './form.ts';
import { readText } from './read-parameter.ts';

/** int64, as Go's int is on the servers that Prometheus runs on. */
const [MIN_INT, MAX_INT] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Reads `limit`; 0 and an absent one mean no limit. Throws `bad_data` with Prometheus' sentences. */
export function parseLimit(text: string): number {
  if (text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) throw notANumber(text, 'invalid syntax');
  const exact = BigInt(text.replace('+', ''));
  if (exact < MIN_INT || exact > MAX_INT) throw notANumber(text, 'value out of range');
  if (exact < 0n) throw new QueryError('bad_data', 'limit must be non-negative');
  return Math.min(Number(exact), Number.MAX_SAFE_INTEGER);
}

function notANumber(text: string, why: string): QueryError {
  return new QueryError('bad_data', `strconv.Atoi: parsing ${quote(text)}: ${why}`);
}

/** Reads the limits of the metadata calls: any int64; undefined where it is absent. Throws `bad_data`. */
export function readWholeNumber(form: Form, name: string): number | undefined {
  const text = readText(form, name);
  if (text === '') return undefined;
  const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (number === undefined || BigInt.asIntN(64, number) !== number)
    throw new QueryError('bad_data', `${name} must be a number`);
  return Number(number);
}
