/** A place in the query text that moves by whole characters. The empty string stands for the end of the text. */
export class Cursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  peek(): string {
    const code = this.text.codePointAt(this.position);
    if (code === undefined) return '';
    return code < 0x10000 ? this.text[this.position]! : String.fromCodePoint(code);
  }

  next(): string {
    const char = this.peek();
    this.position += char.length;
    return char;
  }

  /** Steps over the next character if it is one of `set`. */
  accept(set: string): boolean {
    if (!this.sees(set)) return false;
    this.position++;
    return true;
  }

  acceptRun(set: string): void {
    while (this.accept(set));
  }

  /** Whether the next character is one of `set` (ASCII). */
  sees(set: string): boolean {
    const char = this.text[this.position];
    return char !== undefined && set.includes(char);
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }
}
