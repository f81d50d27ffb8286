import { QueryError } from '../../model/errors.ts';
import type { Form } from './form.ts';

/** Reads the limits of the metadata calls: any whole number; undefined where it is absent. Throws `bad_data`. */
export function readWholeNumber(form: Form, name: string): number | undefined {
  const text = form.get(name);
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw new QueryError('bad_data', `${name} must be a number`);
  return Number(text);
}
