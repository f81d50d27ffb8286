import type { Matcher } from '../../model/matcher.ts';

const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Whether every version of the language takes a label's name without quotes. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name);
}

/**
 * Writes matchers as a PromQL selector, `{a="b","odd name"=~"c"}`. Prometheus refuses a selector whose matchers all
 * match the empty string, so such a one gets a condition that every series fulfils: it has a name.
 */
export function selectorText(matchers: readonly Matcher[]): string {
  const parts = matchers.map(matcherText);
  if (!matchers.some(neverMatchesEmpty)) parts.push('__name__=~".+"');
  return `{${parts.join(',')}}`;
}

function matcherText({ kind, name, value }: Matcher): string {
  return `${isPlainName(name) ? name : quoted(name)}${kind}${quoted(value)}`;
}

/** Certain only for equality; for others the added condition does no harm. */
function neverMatchesEmpty({ kind, value }: Matcher): boolean {
  return (kind === '=' && value !== '') || (kind === '!=' && value === '');
}

const ESCAPED = /["\\\n\r]/;

/** A Go string literal: backslash, quote and line breaks are escaped, everything else may stand as it is. */
function quoted(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  const escaped = text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
  return `"${escaped}"`;
}
