// AssemblyScript, compiled by scripts/build-wasm.ts into src/wire/gen/crc32c-wasm.ts; see src/wire/crc32c.ts for its caller.

/** Where things lie in memory: the bytes, and tables that are made at the start. */
export const DATA: u32 = 0;
/** The most bytes of one call. */
export const MAX_BYTES: u32 = 49152;
const TABLES: u32 = 49152;
const ZEROS: u32 = 57344;

/** Castagnoli polynomial, bit-reversed: RFC 3720, appendix B.4. */
const POLYNOMIAL: u32 = 0x82f63b78;

/** Three lanes of so many bytes each are read at the same time, because each step of a lane waits for the one before. */
const LANE: u32 = 1024;

// Table k of eight advances a byte that is followed by k more bytes (slicing-by-8).
for (let byte: u32 = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (-(crc & 1) & POLYNOMIAL);
  store<u32>(TABLES + (byte << 2), crc);
}
for (let i: u32 = 256; i < 2048; i++) {
  const shorter = load<u32>(TABLES + ((i - 256) << 2));
  store<u32>(TABLES + (i << 2), (shorter >> 8) ^ load<u32>(TABLES + ((shorter & 0xff) << 2)));
}
// Table k of four advances byte k of a checksum over a lane of zeros.
for (let i: u32 = 0; i < 1024; i++) {
  const byte = i & 0xff;
  const others = byte & (byte - 1);
  let crc = byte << ((i >> 8) << 3);
  // The bits of a checksum go their ways apart, so only single ones are followed: the start of each thread would take a millisecond more.
  if (others !== 0) crc = zeros(i - byte + others) ^ zeros(i - others);
  else for (let at: u32 = 0; at < LANE; at += 8) crc = step(crc, 0);
  store<u32>(ZEROS + (i << 2), crc);
}

/** Goes on with the checksum of `length` more bytes at DATA; it begins with, and ends as, the complement of the checksum. */
export function update(before: u32, length: u32): u32 {
  let crc = before;
  let at = DATA;
  const end = DATA + length;
  for (; at + 3 * LANE <= end; at += 3 * LANE) {
    let second: u32 = 0;
    let third: u32 = 0;
    for (let i = at; i < at + LANE; i += 8) {
      crc = step(crc, load<u64>(i));
      second = step(second, load<u64>(i + LANE));
      third = step(third, load<u64>(i + 2 * LANE));
    }
    crc = overZeros(overZeros(crc) ^ second) ^ third;
  }
  for (; at + 8 <= end; at += 8) crc = step(crc, load<u64>(at));
  for (; at < end; at++) crc = (crc >> 8) ^ table(0, (crc ^ load<u8>(at)) & 0xff);
  return crc;
}

/** Eight more bytes. */
function step(crc: u32, bytes: u64): u32 {
  const low = crc ^ <u32>bytes;
  const high = <u32>(bytes >> 32);
  return (
    table(7, low & 0xff) ^
    table(6, (low >> 8) & 0xff) ^
    table(5, (low >> 16) & 0xff) ^
    table(4, low >> 24) ^
    table(3, high & 0xff) ^
    table(2, (high >> 8) & 0xff) ^
    table(1, (high >> 16) & 0xff) ^
    table(0, high >> 24)
  );
}

function table(number: u32, byte: u32): u32 {
  return load<u32>(TABLES + (number << 10) + (byte << 2));
}

function overZeros(crc: u32): u32 {
  return (
    zeros(crc & 0xff) ^
    zeros(0x100 + ((crc >> 8) & 0xff)) ^
    zeros(0x200 + ((crc >> 16) & 0xff)) ^
    zeros(0x300 + (crc >> 24))
  );
}

/** An entry of the four tables, which lie one behind the other. */
function zeros(entry: u32): u32 {
  return load<u32>(ZEROS + (entry << 2));
}
