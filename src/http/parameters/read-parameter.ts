import { invalidParameter } from '../../gateway/invalid-parameter.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import type { Form } from './form.ts';
import { parseTime } from './time.ts';
import { quote } from '../../model/quote.ts';

/** Reads one parameter; what `parse` throws becomes `invalid parameter "<name>": …`. */
export function readParameter<T>(form: Form, name: string, parse: (text: string) => T): T {
  try {
    return parse(form.get(name));
  } catch (error) {
    throw invalidParameter(name, error);
  }
}

/** The same for a parameter that may be absent or empty. */
export function readOptional<T>(form: Form, name: string, parse: (text: string) => T): T | undefined {
  return form.get(name) === '' ? undefined : readParameter(form, name, parse);
}

/** A time that may be absent; Prometheus words mistakes in these twice over. */
export function readOptionalTime(form: Form, name: string, absent: number): number {
  const parse = (text: string): number => {
    try {
      return parseTime(text);
    } catch (error) {
      throw new QueryError('bad_data', `invalid time value for '${name}': ${messageOf(error)}`, {
        cause: error,
      });
    }
  };
  return readOptional(form, name, parse) ?? absent;
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Reads a truth value in the spellings that Go's `strconv.ParseBool` takes. Throws `bad_data`. */
export function parseBoolean(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new QueryError('bad_data', `cannot parse ${quote(text)} to a truth value: use true or false`);
}
