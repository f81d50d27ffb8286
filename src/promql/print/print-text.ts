import { quote } from '../../model/quote.ts';

/** A string in double quotes. U+FFFD is escaped: as such it is refused, since it may stem from broken UTF-8. */
export function printText(value: string): string {
  return quote(value).replaceAll('\ufffd', String.raw`\ufffd`);
}
