import { FALLS_SHORT } from './falls-short.ts';
import type { RowResult } from './rows/row.ts';

const HEAD = ['row', 'asked', 'failures', 'wrong', 'warned', 'p50', 'p99', 'worst', ''];
const WIDTHS = [24, 7, 9, 7, 7, 7, 7, 7, 0];

export function tableHead(): string {
  return line(HEAD);
}

/** A line of figures, and one for the bound and for each problem. Times in ms. */
export function tableRow(name: string, { figures, bound, problems }: RowResult): string {
  const { asked = '', failures = '', wrong = '', warned = '' } = figures ?? {};
  const times = [figures?.p50, figures?.p99, figures?.worst].map((ms) => ms?.toFixed(0) ?? '');
  const below = [bound, ...problems.map((problem) => `✗ ${problem}`)].filter((text) => text !== '');
  return [
    line([name, asked, failures, wrong, warned, ...times, verdict(name, problems)]),
    ...below.map((text) => `    ${text}`),
  ].join('\n');
}

function verdict(name: string, problems: readonly string[]): string {
  const known = FALLS_SHORT[name];
  if (problems.length === 0) return known === undefined ? 'holds' : 'holds, though it is listed as short';
  return known === undefined ? 'BROKEN' : `short, as known: ${known}`;
}

function line(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(WIDTHS[i]!) : String(cell).padStart(WIDTHS[i]!)))
    .join('  ');
}
