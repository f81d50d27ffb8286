import { invalidParameter } from '../../gateway/invalid-parameter.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import type { Form } from './form.ts';
import { parseTime } from './time.ts';

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
