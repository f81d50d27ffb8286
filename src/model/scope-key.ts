import type { RequestScope } from './request-scope.ts';

/**
 * Names an answer that is kept: equal for requests that ask the same and may see the same.
 * @param asked all that decides about the answer beside the scope; a value of JSON.
 */
export function scopeKey(
  { options, passed = [], caller: { tenant, enforced } }: RequestScope,
  asked: unknown,
): string {
  return JSON.stringify([asked, options, tenant, enforced, passed], (_, value: unknown) =>
    value instanceof Set ? [...(value as ReadonlySet<unknown>)] : value,
  );
}

const NO_CACHE = /\bno-(?:cache|store)\b/i;

/** Whether the caller wants no answer that was kept: `Cache-Control: no-cache`, or `no-store`. */
export function wantsFresh({ caller }: RequestScope): boolean {
  const control = caller.header('cache-control');
  return typeof control === 'string' && NO_CACHE.test(control);
}
