export function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

export function isDigit(char: string): boolean {
  return char >= '0' && char <= '9' && char.length === 1;
}

/** ASCII letters and the underscore: PromQL's bare names know no others. */
export function isAlpha(char: string): boolean {
  return char.length === 1 && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_');
}

export function isAlphaNumeric(char: string): boolean {
  return isAlpha(char) || isDigit(char);
}
