/**
 * What stands in a row in one branch of a pattern. `start` and `end` are offsets into the pattern. An anchor is `^` or
 * `$`; `other` is an operator with its operand, a class, a dot: whatever is not a text.
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'choice';
      readonly branches: readonly Branch[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'anchor'; readonly side: '^' | '$'; readonly start: number; readonly end: number }
  | { readonly kind: 'other'; readonly start: number; readonly end: number };

/** A branch that is one text is that text, since there may be a hundred thousand of them. */
export type Branch = string | readonly Part[];

/** Parentheses inside each other that are looked into; a dashboard's variable brings a pair of its own. */
const MAX_DEPTH = 6;
/** Parts that are no texts; with more than that the pattern is not mainly one of texts. */
const MAX_OTHERS = 20_000;

const META_BUT_BAR = /[\\.+*?()[\]{}^$]/;

const PLAIN = /[^\\.+*?()|[\]{}^$]+/y;
const ESCAPED_PUNCTUATION = /\\([!-/:-@[-`{-~])/y;
/** `\d`, `\pL`, `\p{Greek}`, `\x41`, `\x{10FFFF}`, `\n`; not the assertions `\b \B \A \z`, nor `\C`, `\Q` and octals. */
const ESCAPED_CLASS = /\\(?:[pP](?:\{[^}]*\}|\w)|x(?:\{\w*\}|\w\w)|[dDsSwWafnrtv])/y;
/** Classes with a bracket inside have rules of their own. */
const CLASS = /\[(?:\^|(?!\^))(?:[^\\[]|\\[^Q])(?:[^\\[\]]|\\[^Q])*\]/y;
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;

/**
 * Takes a pattern of RE2 apart into branches, texts and groups, as far as that is simple: groups without names and
 * flags, no assertions but anchors. Undefined for all other patterns, wrong ones included.
 */
export function patternParts(pattern: string): readonly Branch[] | undefined {
  if (!META_BUT_BAR.test(pattern)) return pattern.split('|');
  const reader = new PartReader(pattern);
  const branches = reader.branches(0);
  if (branches === undefined || reader.at < pattern.length) return undefined;
  return reader.sawAnchor ? withoutAnchors(branches, true, true) : branches;
}

class PartReader {
  at = 0;
  sawAnchor = false;
  #others = 0;
  readonly #pattern: string;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Reads up to the end of the pattern or of the group. */
  branches(depth: number): Branch[] | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const branches: Branch[] = [];
    let parts: Part[] = [];
    for (;;) {
      const char = this.#pattern[this.at];
      if (char === undefined || char === ')') {
        branches.push(branchOf(parts));
        return branches;
      }
      if (char === '|') {
        branches.push(branchOf(parts));
        parts = [];
        this.at++;
      } else {
        const isSimple = char === '(' ? this.#group(parts, depth) : this.#atom(parts, char);
        if (!isSimple || this.#others > MAX_OTHERS) return undefined;
      }
    }
  }

  /** Reads one part. False where it is none of the simple ones. */
  #atom(parts: Part[], char: string): boolean {
    const start = this.at;
    if (char === '^' || char === '$') {
      this.sawAnchor = true;
      this.#others++;
      this.at++;
      parts.push({ kind: 'anchor', side: char, start, end: this.at });
      return this.#take(QUANTIFIER) === undefined;
    }
    if (char === '.') {
      this.at++;
      return this.#other(parts, start);
    }
    const text = char === '\\' ? this.#take(ESCAPED_PUNCTUATION)?.slice(1) : this.#take(PLAIN);
    if (text !== undefined) return this.#text(parts, text, start);
    if (this.#take(char === '[' ? CLASS : ESCAPED_CLASS) === undefined) return false;
    return this.#other(parts, start);
  }

  /** A quantifier behind a text repeats the last character alone. */
  #text(parts: Part[], text: string, start: number): boolean {
    const end = this.at;
    if (this.#take(QUANTIFIER) === undefined) {
      addText(parts, text, start, end);
      return true;
    }
    const last = text.length > 1 && text.codePointAt(text.length - 2)! > 0xffff ? 2 : 1;
    this.at = end;
    if (text.length > last) addText(parts, text.slice(0, -last), start, end - last);
    return this.#other(parts, text.length > last ? end - last : start);
  }

  #other(parts: Part[], start: number): boolean {
    this.#take(QUANTIFIER);
    this.#others++;
    parts.push({ kind: 'other', start, end: this.at });
    return this.#take(QUANTIFIER) === undefined;
  }

  #group(parts: Part[], depth: number): boolean {
    const start = this.at;
    this.#others++;
    this.at++;
    if (this.#pattern[this.at] === '?') {
      if (this.#pattern[this.at + 1] !== ':') return false;
      this.at += 2;
    }
    const anchorBefore = this.sawAnchor;
    this.sawAnchor = false;
    const branches = this.branches(depth + 1);
    if (branches === undefined || this.#pattern[this.at] !== ')') return false;
    this.at++;
    const quantifier = this.#take(QUANTIFIER);
    const end = this.at;
    if (quantifier === undefined) parts.push({ kind: 'choice', branches, start, end });
    else if (quantifier[0] === '?') parts.push({ kind: 'choice', branches: [...branches, []], start, end });
    else if (this.sawAnchor) return false;
    else parts.push({ kind: 'other', start, end });
    this.sawAnchor ||= anchorBefore;
    return this.#take(QUANTIFIER) === undefined;
  }

  #take(form: RegExp): string | undefined {
    form.lastIndex = this.at;
    if (!form.test(this.#pattern)) return undefined;
    const start = this.at;
    this.at = form.lastIndex;
    return this.#pattern.slice(start, this.at);
  }
}

function branchOf(parts: readonly Part[]): Branch {
  const [first] = parts;
  return parts.length === 1 && first?.kind === 'text' ? first.text : parts;
}

function addText(parts: Part[], text: string, start: number, end: number): void {
  const last = parts.at(-1);
  if (last?.kind !== 'text') parts.push({ kind: 'text', text, start, end });
  else parts[parts.length - 1] = { kind: 'text', text: last.text + text, start: last.start, end };
}

/** Patterns match whole values, so anchors at their ends mean nothing. Undefined where there are others. */
function withoutAnchors(
  branches: readonly Branch[],
  atStart: boolean,
  atEnd: boolean,
): readonly Branch[] | undefined {
  const without: Branch[] = [];
  for (const branch of branches) {
    const rest = typeof branch === 'string' ? branch : branchWithoutAnchors(branch, atStart, atEnd);
    if (rest === undefined) return undefined;
    without.push(rest);
  }
  return without;
}

function branchWithoutAnchors(
  branch: readonly Part[],
  atStart: boolean,
  atEnd: boolean,
): readonly Part[] | undefined {
  const first = atStart ? branch.findIndex((part) => !isAnchor(part, '^')) : 0;
  const last = atEnd ? branch.findLastIndex((part) => !isAnchor(part, '$')) : branch.length - 1;
  const parts: Part[] = [];
  for (let i = first < 0 ? branch.length : first; i <= last; i++) {
    const part = branch[i]!;
    if (part.kind === 'anchor') return undefined;
    if (part.kind === 'choice') {
      const branches = withoutAnchors(part.branches, atStart && i === first, atEnd && i === last);
      if (branches === undefined) return undefined;
      parts.push({ ...part, branches });
    } else parts.push(part);
  }
  return parts;
}

function isAnchor(part: Part, side: '^' | '$'): boolean {
  return part.kind === 'anchor' && part.side === side;
}
