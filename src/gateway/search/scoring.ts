/**
 * How well a text matches: above 0 and up to 1, which is a perfect match; undefined where it does not match. Texts may be long, and
 * comparing them may take their length squared, so the work is done in parts: it yields where others may go on in between.
 */
export type Scoring = Generator<undefined, number | undefined>;

/** Scores any text against what it was made for. */
export type Scorer = (text: string) => Scoring;

/** Comparisons of characters in one part of the work; about a tenth of a millisecond. */
const PART = 50_000;

/** Counts the comparisons of a scoring. */
export class Parts {
  #left = PART;

  /** Whether the part is over once so many more comparisons were made. */
  isOver(comparisons: number): boolean {
    this.#left -= comparisons;
    if (this.#left > 0) return false;
    this.#left = PART;
    return true;
  }
}

/** The code points of a text: what Go calls its runes. */
export function charactersOf(text: string): readonly number[] {
  const characters: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text.codePointAt(i)!;
    characters.push(character);
    if (character > 0xffff) i++;
  }
  return characters;
}
