/** Classes such as `\pL` have hundreds of ranges, which costs when they are compiled and at every step through them. */
const UNICODE_CLASS_SIZE = 20;

/**
 * Estimates how many instructions a pattern compiles to, before it is compiled: every character counts one, a
 * repetition `{n,m}` multiplies what stands in front of it. Too high for classes and escapes, never far too low.
 */
export function programSize(pattern: string): number {
  const groups: number[] = [0];
  let atom = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    const repeat = char === '{' ? /^\{(\d{1,5})(?:,(\d{0,5}))?\}/.exec(pattern.slice(i, i + 16)) : null;
    if (repeat !== null) {
      const times = Math.max(Number(repeat[1]), Number(repeat[2] ?? 0), 1);
      groups[groups.length - 1]! += atom * (times - 1);
      atom *= times;
      i += repeat[0].length - 1;
      continue;
    }
    if (char === '(') {
      groups.push(0);
      continue;
    }
    atom = 1;
    if (char === '\\') {
      if (isUnicodeClass(pattern, i)) atom = UNICODE_CLASS_SIZE;
      i++;
    } else if (char === '[') {
      const end = endOfClass(pattern, i);
      for (; i < end; i++) if (isUnicodeClass(pattern, i)) atom += UNICODE_CLASS_SIZE;
    }
    if (char === ')' && groups.length > 1) atom += groups.pop()!;
    groups[groups.length - 1]! += atom;
  }
  return groups.reduce((sum, size) => sum + size, 0);
}

function isUnicodeClass(pattern: string, at: number): boolean {
  return pattern[at] === '\\' && (pattern[at + 1] === 'p' || pattern[at + 1] === 'P');
}

function endOfClass(pattern: string, open: number): number {
  // A bracket right behind the opening one, or behind its `^`, is a member of the class.
  const first = pattern[open + 1] === '^' ? open + 2 : open + 1;
  for (let i = first + 1; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === ']') return i;
  }
  return pattern.length;
}
