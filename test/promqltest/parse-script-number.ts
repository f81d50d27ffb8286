import { parseNumber } from '../../src/promql/literal/parse-number.ts';

/** A number as scripts write it: any PromQL number, with or without a sign. */
export function parseScriptNumber(text: string): number {
  const negative = text.startsWith('-');
  const value = parseNumber(/^[+-]/.test(text) ? text.slice(1) : text);
  if (typeof value !== 'number') throw new Error(value.problem);
  return negative ? -value : value;
}
