/** Castagnoli polynomial, bit-reversed: the checksum of remote-read frames (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256: table k advances a byte that is followed by k more bytes (slicing-by-8). */
const TABLES: Int32Array = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const shorter = tables[i - 256]!;
    tables[i] = (shorter >>> 8) ^ tables[shorter & 0xff]!;
  }
  return tables;
}

/** CRC-32C of the bytes [start, end) as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  let crc = -1;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    crc =
      TABLES[0x700 + ((crc ^ bytes[i]!) & 0xff)]! ^
      TABLES[0x600 + (((crc >>> 8) ^ bytes[i + 1]!) & 0xff)]! ^
      TABLES[0x500 + (((crc >>> 16) ^ bytes[i + 2]!) & 0xff)]! ^
      TABLES[0x400 + ((crc >>> 24) ^ bytes[i + 3]!)]! ^
      TABLES[0x300 + bytes[i + 4]!]! ^
      TABLES[0x200 + bytes[i + 5]!]! ^
      TABLES[0x100 + bytes[i + 6]!]! ^
      TABLES[bytes[i + 7]!]!;
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}
