import { oneLine } from '../../backend/server-text.ts';
import type { Caller } from '../../model/request-scope.ts';

/** Most characters of a text that a caller writes of itself. */
const LONGEST = 200;

/** Headers by which Grafana and others say for whom and for what they ask. */
const HEADERS = {
  userAgent: 'user-agent',
  dashboard: 'x-dashboard-uid',
  panel: 'x-panel-id',
  user: 'x-grafana-user',
  fromAlert: 'fromalert',
} as const;

/**
 * What a caller says of itself, each text on one line and of a bounded length. Nothing of it is proven: anybody can write
 * such headers.
 */
export type Claims = { readonly [name in keyof typeof HEADERS]?: string };

export function claimsOf(caller: Pick<Caller, 'header'>): Claims {
  const claims: { -readonly [name in keyof Claims]: string } = {};
  for (const name of Object.keys(HEADERS) as (keyof Claims)[]) {
    const text = claimOf(caller, name);
    if (text !== '') claims[name] = text;
  }
  return claims;
}

/** One of them alone; empty where the caller does not say it. */
export function claimOf({ header }: Pick<Caller, 'header'>, name: keyof Claims): string {
  const value = header(HEADERS[name]);
  return typeof value === 'string' ? oneLine(value, LONGEST) : '';
}
