import assert from 'node:assert/strict';

/** Asserts that a text is refused as `bad_data` with this sentence. */
export function refuses(parse: (text: string) => unknown, text: string, message: string): void {
  assert.throws(() => parse(text), { kind: 'bad_data', message });
}
