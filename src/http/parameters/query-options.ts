import type { QueryOptions } from '../../gateway/query.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import { parseDurationParameter } from './duration.ts';
import type { Form } from './form.ts';
import { readOptional, readText } from './read-parameter.ts';

/** Reads the parameters that instant and range queries share. */
export function readQueryOptions(form: Form): Omit<QueryOptions, 'limit'> {
  return {
    timeout: readOptional(form, 'timeout', parseDurationParameter),
    lookbackDelta: readLookbackDelta(form),
    text: form.get('query'),
  };
}

/** Prometheus words this parameter's mistakes in its own way. */
function readLookbackDelta(form: Form): number | undefined {
  const text = readText(form, 'lookback_delta');
  if (text === '') return undefined;
  try {
    return parseDurationParameter(text);
  } catch (error) {
    const problem = `error parsing lookback delta duration: ${messageOf(error)}`;
    throw new QueryError('bad_data', problem, { cause: error });
  }
}
