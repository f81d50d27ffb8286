/** What a memcached server sent: a line, or the value of a key. */
export type Reply =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'value'; readonly key: string; readonly bytes: Uint8Array };

/** Lines are short: the longest names a key, or tells an error. */
const MOST_LINE = 1024;
const LINE_FEED = 10;
const END_OF_LINE = '\r\n';
const VALUE = /^VALUE (\S{1,250}) \d{1,10} (\d{1,10})(?: \d+)?$/;

/**
 * Reads what a memcached server sends in its text protocol (memcached, doc/protocol.txt), in whatever pieces it comes. Throws where
 * the bytes are no replies, or a value is longer than is allowed; then the rest cannot be read either.
 */
export class ReplyReader {
  readonly #mostValueBytes: number;
  #line = '';
  /** The value that is being read, with the end of its line. */
  #value: { readonly key: string; readonly bytes: Buffer; filled: number } | undefined;

  constructor(mostValueBytes: number) {
    this.#mostValueBytes = mostValueBytes;
  }

  /** The replies that end in a piece. */
  *read(piece: Buffer): Generator<Reply> {
    let at = 0;
    while (at < piece.length) {
      if (this.#value !== undefined) {
        const { bytes, filled } = this.#value;
        const copied = piece.copy(bytes, filled, at);
        this.#value.filled += copied;
        at += copied;
        if (this.#value.filled === bytes.length) yield this.#endValue();
        continue;
      }
      const feed = piece.indexOf(LINE_FEED, at);
      const end = feed === -1 ? piece.length : feed + 1;
      if (this.#line.length + end - at > MOST_LINE)
        throw new Error(`it sent a line of more than ${MOST_LINE} bytes`);
      this.#line += piece.toString('latin1', at, end);
      at = end;
      if (feed === -1) return;
      const text = this.#line.replace(/\r?\n$/, '');
      this.#line = '';
      const [, key, length] = VALUE.exec(text) ?? [];
      if (key === undefined) yield { kind: 'line', text };
      else this.#beginValue(key, Number(length));
    }
  }

  #beginValue(key: string, length: number): void {
    if (length > this.#mostValueBytes)
      throw new Error(`it sent a value of ${length} bytes; ${this.#mostValueBytes} are the limit`);
    this.#value = { key, bytes: Buffer.allocUnsafeSlow(length + END_OF_LINE.length), filled: 0 };
  }

  #endValue(): Reply {
    const { key, bytes } = this.#value!;
    this.#value = undefined;
    const length = bytes.length - END_OF_LINE.length;
    if (bytes.toString('latin1', length) !== END_OF_LINE)
      throw new Error('it sent a value of another length than it told');
    return { kind: 'value', key, bytes: bytes.subarray(0, length) };
  }
}
