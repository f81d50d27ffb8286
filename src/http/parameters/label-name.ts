const PREFIX = 'U__';
const LARGEST_CODE_POINT = 0x10ffff;

/**
 * Undoes the escaping of label names in paths: `U__a_2e_b` is `a.b`, `__` inside is `_`. A name that is not escaped
 * that way, or wrongly, stays as it is. Source: prometheus/common `model.UnescapeName`, value encoding.
 */
export function unescapeLabelName(name: string): string {
  if (!name.startsWith(PREFIX)) return name;
  let isValid = true;
  // A lone underscore matches last: it starts an escape that does not end.
  const text = name.slice(PREFIX.length).replace(/__|_([\da-fA-F]{1,5})_|_/g, (whole, hex?: string) => {
    if (whole === '__') return '_';
    const code = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
    const isCharacter = code <= LARGEST_CODE_POINT && !(code >= 0xd800 && code <= 0xdfff);
    isValid &&= isCharacter;
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
  return isValid ? text : name;
}
