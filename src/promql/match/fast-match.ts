import { PrefixIndex } from './prefix-index.ts';
import { isAnything, splitPattern, type TextGroup } from './split-pattern.ts';

/** Tells whether a label value matches; an absent label counts as the empty string. */
export type ValuePredicate = (value: string) => boolean;

/** Sorting holds up others: this many take 15 ms. A mere list of texts is not sorted and has no such limit. */
export const MAX_SORTED = 20_000;
/** These are looked for at every place of a value: the product of their lengths bounds the time. */
const MAX_CONTAINED_LENGTH = 256;

/** A pattern that is matched by its texts, most of it or all of it. */
export interface FastMatch {
  /** Patterns that are left to the regex engine, and how often each of them may have to look at one value. */
  readonly rests: readonly { readonly pattern: string; readonly looks: number }[];
  /** Characters of the pattern and of all its texts. */
  readonly characters: number;
  /** Makes the predicate, with what the engine makes of the rests. */
  compile(engine: (pattern: string) => ValuePredicate): ValuePredicate;
}

/** Texts are compared with the folded value, which is in lower case where case is ignored; the engine sees the value. */
type GroupPredicate = (folded: string, value: string) => boolean;

/** How one group of a pattern is matched. */
interface GroupMatch {
  readonly rest: string;
  readonly looks: number;
  compile(matchesRest: ValuePredicate): GroupPredicate;
}

const IGNORE_CASE = '(?i)';

/**
 * Plans a match for the forms that make up most matchers in practice: `a`, `a|b|c`, `pre(a|b)post`, `.*a.+`,
 * `(a|b)(:\d+)?`, `a:.*|b:.*`, `^(?:a|b)$`, and these behind `(?i)`. Texts are looked up in sets and sorted lists, however
 * many there are, and the regex engine gets what stands before or behind them. Undefined for all other forms.
 */
export function fastMatch(pattern: string): FastMatch | undefined {
  const ignoresCase = pattern.startsWith(IGNORE_CASE);
  const split = splitPattern(ignoresCase ? pattern.slice(IGNORE_CASE.length) : pattern);
  const groups = ignoresCase ? lowerCased(split) : split;
  if (groups === undefined || groups.every(isAllRest)) return undefined;
  const sorted = groups.filter(({ front, back }) => front + back !== '');
  if (countTexts(sorted) > MAX_SORTED) return undefined;
  const matches: GroupMatch[] = [];
  for (const group of groups) {
    const match = matchGroup(group);
    if (match === undefined) return undefined;
    matches.push(match);
  }
  const flags = ignoresCase ? IGNORE_CASE : '';
  return {
    rests: matches
      .filter(({ rest }) => rest !== '')
      .map(({ rest, looks }) => ({ pattern: flags + rest, looks })),
    characters: groups.reduce((sum, { texts }) => sum + countCharacters(texts), pattern.length + 1),
    compile: (engine) => {
      const predicates = matches.map((match) =>
        match.compile(match.rest === '' ? nothing : engine(flags + match.rest)),
      );
      return ignoresCase ? (value) => anyHolds(predicates, foldCase(value), value) : anyOf(predicates);
    },
  };
}

function anyOf(predicates: readonly GroupPredicate[]): ValuePredicate {
  if (predicates.length > 1) return (value) => anyHolds(predicates, value, value);
  const only = predicates[0]!;
  return (value) => only(value, value);
}

function anyHolds(predicates: readonly GroupPredicate[], folded: string, value: string): boolean {
  for (const holds of predicates) if (holds(folded, value)) return true;
  return false;
}

/** Without a text there is nothing that a lookup could save the engine. */
function isAllRest({ front, texts, back }: TextGroup): boolean {
  return front === '' && back !== '' && !isAnything(back) && texts.every((text) => text === '');
}

function matchGroup({ front, texts, back }: TextGroup): GroupMatch | undefined {
  if (front === '' && back === '') return isOneOf(texts);
  if (isAnything(front) && isAnything(back)) return contains(texts, minimum(front), minimum(back));
  if (isAnything(back)) return startsWith(texts, minimum(back));
  if (isAnything(front)) return endsWith(texts, minimum(front));
  return front === '' ? startsThen(texts, back) : endsAfter(texts, front);
}

/** How many characters `.*` or `.+` takes at least. */
function minimum(anything: string): 0 | 1 {
  return anything === '.+' ? 1 : 0;
}

function isOneOf(texts: readonly string[]): GroupMatch {
  if (texts.length === 1) {
    const [only] = texts;
    return withoutRest((value) => value === only);
  }
  const set = new Set(texts);
  return withoutRest((value) => set.has(value));
}

function startsWith(texts: readonly string[], after: number): GroupMatch {
  if (texts.length === 1) {
    const text = texts[0]!;
    return withoutRest((value) => value.length >= text.length + after && value.startsWith(text));
  }
  const index = shortestPrefixes(texts);
  return withoutRest((value) => index.some(value, (length) => length + after <= value.length));
}

function endsWith(texts: readonly string[], before: number): GroupMatch {
  if (texts.length === 1) {
    const text = texts[0]!;
    return withoutRest((value) => value.length >= text.length + before && value.endsWith(text));
  }
  const index = shortestPrefixes(texts.map(reversed));
  return withoutRest((value) => index.some(reversed(value), (length) => length + before <= value.length));
}

/** The empty text stands between any two characters, which is more than this can tell. */
function contains(texts: readonly string[], before: number, after: number): GroupMatch | undefined {
  if (texts.includes('')) return undefined;
  if (texts.length === 1) {
    const text = texts[0]!;
    return withoutRest((value) => {
      const found = value.indexOf(text, before);
      return found >= 0 && found + text.length + after <= value.length;
    });
  }
  if (texts.some((text) => text.length > MAX_CONTAINED_LENGTH)) return undefined;
  const index = shortestPrefixes(texts);
  const starts = new Set(texts.map((text) => text.charCodeAt(0)));
  return withoutRest((value) => {
    for (let at = before; at < value.length - after; at++) {
      if (!starts.has(value.charCodeAt(at))) continue;
      const from = value.slice(at);
      if (index.some(from, (length) => length + after <= from.length)) return true;
    }
    return false;
  });
}

function startsThen(texts: readonly string[], rest: string): GroupMatch {
  const index = new PrefixIndex(texts);
  return {
    rest,
    looks: index.depth,
    compile: (matchesRest) => (folded, value) =>
      index.some(folded, (length) => matchesRest(value.slice(length))),
  };
}

function endsAfter(texts: readonly string[], rest: string): GroupMatch {
  const index = new PrefixIndex(texts.map(reversed));
  return {
    rest,
    looks: index.depth,
    compile: (matchesRest) => (folded, value) =>
      index.some(reversed(folded), (length) => matchesRest(value.slice(0, value.length - length))),
  };
}

function withoutRest(matches: ValuePredicate): GroupMatch {
  return { rest: '', looks: 0, compile: () => matches };
}

/** Where anything may follow, a text decides for all that start with it. */
function shortestPrefixes(texts: readonly string[]): PrefixIndex {
  return new PrefixIndex(new PrefixIndex(texts).roots());
}

function nothing(): boolean {
  return false;
}

/** The code units backwards. Texts and values are well-formed, so texts do not begin or end within a character. */
function reversed(text: string): string {
  let backwards = '';
  for (let i = text.length - 1; i >= 0; i--) backwards += text[i]!;
  return backwards;
}

/** Beyond ASCII, cases have rules that only the engine knows. */
function lowerCased(groups: readonly TextGroup[] | undefined): readonly TextGroup[] | undefined {
  const isPlain = groups?.every(({ texts }) => texts.every((text) => /^[\0-\x7f]*$/.test(text)));
  if (isPlain !== true) return undefined;
  return groups?.map((group) => ({ ...group, texts: group.texts.map((text) => text.toLowerCase()) }));
}

/** Lower case of ASCII and of the two others that RE2 counts as an `s` and a `k`; keeps the length. */
function foldCase(value: string): string {
  return value
    .replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
    .replaceAll('ſ', 's')
    .replaceAll('\u212a', 'k');
}

function countTexts(groups: readonly TextGroup[]): number {
  return groups.reduce((sum, { texts }) => sum + texts.length, 0);
}

function countCharacters(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
