/**
 * How names beyond the classic character set are written for a scraper that cannot read them, by the values of the parameter
 * `escaping` (prometheus/common model/metric.go, `EscapeName`).
 */
export type EscapingScheme = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

const CLASSIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const CLASSIC_FIRST = /^[a-zA-Z_:]$/;
const CLASSIC_NEXT = /^[a-zA-Z0-9_:]$/;

/** Whether every scraper can read the name of a metric or label. */
export function isClassicName(name: string): boolean {
  return CLASSIC_NAME.test(name);
}

/** A name as the scheme writes it. Names that every scraper can read stay, in every scheme. */
export function escapeName(name: string, scheme: EscapingScheme): string {
  if (scheme === 'allow-utf-8' || isClassicName(name)) return name;
  const escape = ESCAPES[scheme];
  let escaped = scheme === 'values' ? 'U__' : '';
  let isFirst = true;
  for (const character of name) {
    const isPlain = (isFirst ? CLASSIC_FIRST : CLASSIC_NEXT).test(character);
    escaped += escape(character, isPlain);
    isFirst = false;
  }
  return escaped;
}

const ESCAPES: Readonly<
  Record<Exclude<EscapingScheme, 'allow-utf-8'>, (character: string, isPlain: boolean) => string>
> = {
  underscores: (character, isPlain) => (isPlain ? character : '_'),
  dots: (character, isPlain) => {
    if (character === '.') return '_dot_';
    return isPlain && character !== '_' ? character : '__';
  },
  values: (character, isPlain) => {
    if (character === '_') return '__';
    return isPlain ? character : `_${character.toWellFormed().codePointAt(0)!.toString(16)}_`;
  },
};
