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

export function claimsOf({ header }: Pick<Caller, 'header'>): Claims {
  const claims: { -readonly [name in keyof Claims]: string } = {};
  for (const [name, field] of Object.entries(HEADERS) as [keyof Claims, string][]) {
    const value = header(field);
    const text = typeof value === 'string' ? oneLine(value, LONGEST) : '';
    if (text !== '') claims[name] = text;
  }
  return claims;
}
