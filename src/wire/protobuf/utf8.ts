/** The text of some UTF-8; what is none becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('utf8');
}
