import { patternParts, type Branch, type Part } from './pattern-parts.ts';

/**
 * Values of the form `front text back`, where the text is one of `texts`. Front and back are patterns of RE2 or empty;
 * both are there only where both are `.*` or `.+`.
 */
export interface TextGroup {
  readonly front: string;
  readonly texts: readonly string[];
  readonly back: string;
}

/** Characters of a pattern, and of what its products spell out: `a(b|c)` makes `ab` and `ac`. */
export const MAX_SPELLED_OUT = 2_000_000;

/** Texts that two groups in a row may make; beyond, the second one is left as it is. */
const MAX_PRODUCT = 20_000;
/** Each group has its own look at every value. */
const MAX_GROUPS = 16;

/** Texts by the pattern that follows them. */
type TextsByBack = Map<string, string[]>;

/**
 * Splits a pattern into texts, as many as there are, and the little that stands before or behind them:
 * `(a|b)(:\d+)?`, `a:.*|b:.*`, `.*(a|b)`. A value matches the pattern exactly where it is in one of the groups. Undefined
 * for patterns that are not that simple, wrong ones included.
 */
export function splitPattern(pattern: string): readonly TextGroup[] | undefined {
  if (pattern.length > MAX_SPELLED_OUT || !pattern.isWellFormed()) return undefined;
  const branches = patternParts(pattern);
  if (branches === undefined) return undefined;
  const splitter = new Splitter(pattern);
  return branches.every((branch) => splitter.add(branch)) ? splitter.groups() : undefined;
}

class Splitter {
  readonly #pattern: string;
  readonly #byFront = new Map<string, TextsByBack>();
  #spelledOut = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  groups(): readonly TextGroup[] | undefined {
    const groups: TextGroup[] = [];
    for (const [front, byBack] of this.#byFront)
      for (const [back, texts] of byBack) groups.push({ front, texts, back });
    return groups.length > MAX_GROUPS ? undefined : groups;
  }

  /** Adds a branch of the whole pattern; false where that is too much. */
  add(branch: Branch): boolean {
    if (typeof branch === 'string') return addTexts([branch], '', this.#textsBehind(''));
    const first = branch.findIndex(({ kind }) => kind !== 'other');
    if (first <= 0) return this.#spellOut(branch, this.#textsBehind(''));
    const front = this.#source(branch, 0, first);
    const byBack: TextsByBack = new Map();
    if (!this.#spellOut(branch.slice(first), byBack)) return false;
    const isFit = [...byBack.keys()].every((back) => back === '' || (isAnything(front) && isAnything(back)));
    if (!isFit) return addTexts([''], this.#source(branch), this.#textsBehind(''));
    const behind = this.#textsBehind(front);
    for (const [back, texts] of byBack) addTexts(texts, back, behind);
    return this.#byFront.size <= MAX_GROUPS;
  }

  #textsBehind(front: string): TextsByBack {
    const known = this.#byFront.get(front) ?? new Map<string, string[]>();
    this.#byFront.set(front, known);
    return known;
  }

  /** Multiplies out the texts at the start of a branch; false where that is too much. */
  #spellOut(branch: readonly Part[], to: TextsByBack): boolean {
    let texts: readonly string[] | undefined = [''];
    for (const [i, part] of branch.entries()) {
      const choice = this.#choiceOf(part);
      if (choice === undefined) return false;
      const count = countTexts(choice);
      if (count === 0 || (texts.length > 1 && count > 1 && texts.length * count > MAX_PRODUCT))
        return addTexts(texts, this.#source(branch, i), to);
      const behind = this.#source(branch, i + 1);
      let plain: readonly string[] | undefined;
      for (const [back, chosen] of choice) {
        const both = this.#product(texts, chosen);
        if (both === undefined) return false;
        if (back === '') plain = both;
        else if (!addTexts(both, inARow(back, behind), to)) return false;
      }
      if (plain === undefined) return true;
      texts = plain;
    }
    return addTexts(texts, '', to);
  }

  /** What a part spells out: nothing where it is no text. Undefined where that is too much. */
  #choiceOf(part: Part): TextsByBack | undefined {
    const choice: TextsByBack = new Map();
    if (part.kind === 'text') choice.set('', [part.text]);
    if (part.kind !== 'choice') return choice;
    for (const branch of part.branches) {
      if (typeof branch === 'string') addTexts([branch], '', choice);
      else if (!this.#spellOut(branch, choice)) return undefined;
    }
    return choice;
  }

  #product(left: readonly string[], right: readonly string[]): readonly string[] | undefined {
    if (left.length === 1 && left[0] === '') return right;
    this.#spelledOut += countCharacters(left) * right.length + countCharacters(right) * left.length;
    if (this.#spelledOut > MAX_SPELLED_OUT) return undefined;
    return left.flatMap((a) => right.map((b) => a + b));
  }

  /** The pattern of some parts in a row. */
  #source(branch: readonly Part[], from = 0, to = branch.length): string {
    return from >= to ? '' : this.#pattern.slice(branch[from]!.start, branch[to - 1]!.end);
  }
}

/** Whether a pattern stands for any value, or any but the empty one. */
export function isAnything(pattern: string): boolean {
  return pattern === '.*' || pattern === '.+';
}

function addTexts(texts: readonly string[], back: string, to: TextsByBack): boolean {
  const known = to.get(back);
  if (known === undefined) to.set(back, [...texts]);
  else for (const text of texts) known.push(text);
  return to.size <= MAX_GROUPS;
}

function inARow(first: string, second: string): string {
  return second === '' ? first : `(?:${first})(?:${second})`;
}

function countTexts(choice: TextsByBack): number {
  let count = 0;
  for (const texts of choice.values()) count += texts.length;
  return count;
}

function countCharacters(texts: readonly string[]): number {
  let count = 0;
  for (const text of texts) count += text.length;
  return count;
}
