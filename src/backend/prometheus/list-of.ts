import type { Pacer } from '../../model/pacer.ts';
import { EndpointError } from '../endpoint-error.ts';

/** The items of a list in an answer, each of which is what it must be; `null` is a list of nothing. Throws EndpointError `bad_data`. */
export async function listOf<T>(
  data: unknown,
  is: (item: unknown) => item is T,
  what: string,
  pacer: Pacer,
): Promise<readonly T[]> {
  if (data === null) return [];
  if (!Array.isArray(data)) throw noListOf(what);
  await pacer.forEach(data, (item) => {
    if (!is(item)) throw noListOf(what);
  });
  return data;
}

/** Of an answer that holds something else. */
export function noListOf(what: string): EndpointError {
  return new EndpointError(
    'bad_data',
    `its answer holds no list of ${what}; check that it is a Prometheus API`,
  );
}

export function isString(item: unknown): item is string {
  return typeof item === 'string';
}
