/**
 * The bytes one by one, each in the same place as the one before. So whoever keeps pieces instead of their bytes, which takes a hundred
 * times as much memory, ends with wrong ones.
 */
export function* byteByByte(bytes: Uint8Array): Generator<Uint8Array> {
  const place = new Uint8Array(1);
  for (const byte of bytes) {
    place[0] = byte;
    yield place;
  }
}
