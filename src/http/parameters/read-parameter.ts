import { invalidParameter } from '../../gateway/invalid-parameter.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import type { Form } from './form.ts';
import { parseTime } from './time.ts';
import { quote } from '../../model/quote.ts';

/** No number, time, duration or word is longer, and reading a very long one would hold up all other requests. */
const LONGEST_VALUE = 1000;

/** The text of a parameter that is neither a query nor a name; the empty string where it is absent. Throws `bad_data`. */
export function readText(form: Form, name: string): string {
  const text = form.get(name);
  if (text.length <= LONGEST_VALUE) return text;
  const problem = `it has ${text.length} characters, and the most that is read is ${LONGEST_VALUE}`;
  throw invalidParameter(name, new QueryError('bad_data', problem));
}

/** Reads one parameter; what `parse` throws becomes `invalid parameter "<name>": …`. */
export function readParameter<T>(form: Form, name: string, parse: (text: string) => T): T {
  const text = readText(form, name);
  try {
    return parse(text);
  } catch (error) {
    throw invalidParameter(name, error);
  }
}

/** The same for a parameter that may be absent or empty. */
export function readOptional<T>(form: Form, name: string, parse: (text: string) => T): T | undefined {
  return form.get(name) === '' ? undefined : readParameter(form, name, parse);
}

/** A time that may be absent. Prometheus names the parameter twice where such a time is wrong. */
export function readOptionalTime<T>(form: Form, name: string, absent: T): number | T {
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
