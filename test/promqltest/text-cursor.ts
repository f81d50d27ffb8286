/** Reads a line of a script from left to right. Throws plain errors; the caller knows the line. */
export class TextCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Takes what a sticky pattern matches here; undefined where it does not. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text))
      throw new Error(`expected ${JSON.stringify(text)} at ${JSON.stringify(this.rest)}`);
  }

  skipSpace(): void {
    this.take(/[ \t]*/y);
  }
}
