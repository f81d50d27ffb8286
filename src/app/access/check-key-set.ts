import { QueryError } from '../../model/errors.ts';

/** Whether a text looks like a set of keys (RFC 7517). Throws `bad_data` that quotes nothing of it. */
export function checkKeySet(file: string, content: string): void {
  if (!isKeySet(content))
    throw new QueryError(
      'bad_data',
      `${file} is no set of keys: it must be JSON such as {"keys": [{"kty": …}]}`,
    );
}

function isKeySet(content: string): boolean {
  try {
    const value: unknown = JSON.parse(content);
    const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
    return (
      Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null && 'kty' in key)
    );
  } catch {
    return false;
  }
}
