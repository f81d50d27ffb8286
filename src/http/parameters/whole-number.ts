import { QueryError } from '../../model/errors.ts';
import type { Form } from './form.ts';

/** Reads the limits of the metadata calls: any int64; undefined where it is absent. Throws `bad_data`. */
export function readWholeNumber(form: Form, name: string): number | undefined {
  const text = form.get(name);
  if (text === '') return undefined;
  const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (number === undefined || BigInt.asIntN(64, number) !== number)
    throw new QueryError('bad_data', `${name} must be a number`);
  return Number(number);
}
