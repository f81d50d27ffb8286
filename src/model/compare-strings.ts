/**
 * Orders strings by their UTF-8 bytes, as Prometheus (Go) does. JavaScript's `<` compares UTF-16 code units, which
 * differs where surrogate pairs meet U+E000–U+FFFF; the fix-up moves surrogates above those.
 */
export function compareStrings(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

function byteRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
