import { compareStrings } from '../../model/compare-strings.ts';
import { formatLabelName } from '../../model/format-labels.ts';
import { METRIC_NAME } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { MatrixSelector, SelectorModifiers, Subquery, VectorSelector } from '../ast.ts';
import { formatFixed } from './format-number.ts';
import { printDuration } from './print-duration.ts';
import { quote } from '../../model/quote.ts';

/** One matcher: `name="value"`, the name quoted where the classic character set has no room for it. */
export function printMatcher({ kind, name, value }: Matcher): string {
  return `${formatLabelName(name)}${kind}${printText(value)}`;
}

/** Prints an instant vector selector; the matchers are sorted by their text. */
export function printVectorSelector(selector: VectorSelector): string {
  const { modifiers } = selector;
  return `${printSeries(selector)}${printAt(modifiers)}${printExtent(selector)}${printOffset(modifiers)}`;
}

export function printMatrixSelector({ selector, range }: MatrixSelector): string {
  const { modifiers } = selector;
  const series = `${printSeries(selector)}[${printDuration(range)}]`;
  return `${series}${printExtent(selector)}${printAt(modifiers)}${printOffset(modifiers)}`;
}

/** What stands behind the expression of a subquery: `[5m:1m] @ end() offset 1m`. */
export function printSubquerySuffix({ range, step, modifiers }: Subquery): string {
  const bracket = `[${printDuration(range)}:${step === undefined ? '' : printDuration(step)}]`;
  return `${bracket}${printAt(modifiers)}${printOffset(modifiers)}`;
}

function printSeries({ name, matchers }: VectorSelector): string {
  const texts = matchers.filter((matcher) => !isName(matcher, name)).map(printMatcher);
  return texts.length === 0 ? name : `${name}{${texts.sort(compareStrings).join(',')}}`;
}

function isName(matcher: Matcher, name: string): boolean {
  return matcher.name === METRIC_NAME && matcher.kind === '=' && matcher.value === name && name !== '';
}

function printExtent({ extent }: VectorSelector): string {
  return extent === undefined ? '' : ` ${extent}`;
}

function printAt({ at }: SelectorModifiers): string {
  if (at === undefined) return '';
  return typeof at === 'number' ? ` @ ${formatFixed(at / 1000, 3)}` : ` @ ${at}()`;
}

function printOffset({ offset }: SelectorModifiers): string {
  return offset === undefined ? '' : ` offset ${printDuration(offset)}`;
}

/** A string in double quotes. U+FFFD is escaped: as such it is refused, since it may stem from broken UTF-8. */
export function printText(value: string): string {
  return quote(value).replaceAll('\ufffd', String.raw`\ufffd`);
}
