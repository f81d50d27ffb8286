import { QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Reads a truth value in the spellings that Go's `strconv.ParseBool` takes. Throws `bad_data`. */
export function parseBoolean(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new QueryError('bad_data', `cannot parse ${quote(text)} to a truth value: use true or false`);
}
