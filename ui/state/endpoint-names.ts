import type { StoreJson } from '../../src/http/api/stores.ts';

/** Since when it is down, s; undefined where it is not, or that was not seen. */
export function downSince({ health, changes }: StoreJson): number | undefined {
  const last = changes?.at(-1);
  return health === 'down' && last?.health === 'down' ? Date.parse(last.since) / 1000 : undefined;
}
