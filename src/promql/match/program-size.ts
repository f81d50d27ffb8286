/** Classes such as `\pL` have hundreds of ranges, which costs when they are compiled and at every step through them. */
const UNICODE_CLASS_SIZE = 25;
/** Where case does not count, the other cases of each of their characters are looked up. */
const FOLDED_CLASS_SIZE = 80;
/** So are those of each character of a range, of which so many take as long as an instruction. */
const FOLDED_CHARACTERS = 40;
/** Characters behind this one have no cases. */
const LAST_WITH_CASES = 0x1e943;

/** What a group adds beside what it holds, since it captures, and what a repetition does. */
const GROUP_SIZE = 3;
const REPETITION_SIZE = 1;

/** A flag somewhere in the pattern says that case does not count. */
const IGNORES_CASE = /\(\?[a-zA-Z]*i/;
const RANGE = /(?<from>\\x\{[0-9a-f]+\}|\\?.)-(?<to>\\x\{[0-9a-f]+\}|\\x[0-9a-f]{2}|\\?.)/gisu;

/**
 * Estimates how many instructions a pattern compiles to, before it is compiled: every character counts one, a
 * repetition `{n,m}` multiplies what stands in front of it. Too high for classes and escapes, never far too low. What takes longer to
 * compile than its instructions say counts as so many more, at 1 to 3 µs each.
 */
export function programSize(pattern: string): number {
  const groups: number[] = [0];
  const isFolded = IGNORES_CASE.test(pattern);
  const unicodeClass = isFolded ? FOLDED_CLASS_SIZE : UNICODE_CLASS_SIZE;
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
      if (isUnicodeClass(pattern, i)) atom = unicodeClass;
      i++;
    } else if (char === '[') {
      const end = endOfClass(pattern, i);
      if (isFolded) atom += foldingSize(pattern.slice(i + 1, end));
      for (; i < end; i++) if (isUnicodeClass(pattern, i)) atom += unicodeClass;
    } else if (char === ')') atom += GROUP_SIZE;
    else if (char === '*' || char === '+' || char === '?') atom += REPETITION_SIZE;
    if (char === ')' && groups.length > 1) atom += groups.pop()!;
    groups[groups.length - 1]! += atom;
  }
  return groups.reduce((sum, size) => sum + size, 0);
}

/** What the ranges of a class count where case does not. */
function foldingSize(set: string): number {
  let characters = 0;
  for (const { groups } of set.matchAll(RANGE)) {
    const from = codePoint(groups!['from']!);
    const to = Math.min(codePoint(groups!['to']!), LAST_WITH_CASES);
    characters += Math.max(0, to - from);
  }
  return Math.ceil(characters / FOLDED_CHARACTERS);
}

/** Of a character as a class has it. */
function codePoint(text: string): number {
  const hexadecimal = /^\\x\{?(?<digits>[0-9a-f]+)/i.exec(text)?.groups!['digits'];
  return hexadecimal === undefined
    ? text.codePointAt(text.length > 1 && text.startsWith('\\') ? 1 : 0)!
    : Number.parseInt(hexadecimal, 16);
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
