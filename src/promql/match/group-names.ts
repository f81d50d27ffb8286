/** A pattern whose groups have no names any more. */
export interface UnnamedGroups {
  readonly pattern: string;
  /** The names of the groups that capture, by their numbers; 0 is the whole match. */
  readonly names: readonly (string | undefined)[];
}

const NAMED_GROUP = /\(\?P?<(\w+)>/y;
/** Escapes in a class that stand for several characters, so that no range begins with them. */
const SEVERAL = /[dDsSwWpP]/;

/**
 * Takes the names from the groups of a pattern, which keep their numbers. Go lets several groups have one name, and the regex engine does
 * not, nor some names at all (`constructor`). Names that Go does not take stay where they are (Go `regexp/syntax`, `parse.go`).
 */
export function unnameGroups(pattern: string): UnnamedGroups {
  const names: (string | undefined)[] = [undefined];
  let unnamed = '';
  let at = 0;
  const copyTo = (end: number): void => {
    unnamed += pattern.slice(at, end);
    at = end;
  };
  while (at < pattern.length) {
    if (pattern[at] === '\\') copyTo(endOfEscape(pattern, at));
    else if (pattern[at] === '[') copyTo(endOfClass(pattern, at));
    else if (pattern[at] !== '(') copyTo(at + 1);
    else {
      NAMED_GROUP.lastIndex = at;
      const named = NAMED_GROUP.exec(pattern);
      if (named !== null) {
        names.push(named[1]);
        unnamed += '(';
        at += named[0].length;
      } else {
        if (pattern[at + 1] !== '?') names.push(undefined);
        copyTo(at + 1);
      }
    }
  }
  return { pattern: unnamed, names };
}

/** Behind an escape, or behind the text between `\Q` and `\E`. */
function endOfEscape(pattern: string, at: number): number {
  if (pattern[at + 1] !== 'Q') return at + 2;
  const end = pattern.indexOf('\\E', at + 2);
  return end < 0 ? pattern.length : end + 2;
}

function endOfClass(pattern: string, open: number): number {
  let at = pattern[open + 1] === '^' ? open + 2 : open + 1;
  // A bracket right behind the opening one, or behind its `^`, is a member of the class.
  for (const first = at; at < pattern.length && (at === first || pattern[at] !== ']');) {
    const posix = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at + 2) : -1;
    if (posix >= 0) {
      at = posix + 2;
      continue;
    }
    const isRangeLess = pattern[at] === '\\' && SEVERAL.test(pattern[at + 1] ?? '');
    at = isRangeLess ? endOfSeveral(pattern, at) : endOfMember(pattern, at);
    if (!isRangeLess && pattern[at] === '-' && pattern[at + 1] !== ']') at = endOfMember(pattern, at + 1);
  }
  return at + 1;
}

/** Behind `\d`, `\pN`, `\p{Greek}` and their like. */
function endOfSeveral(pattern: string, at: number): number {
  if (!/[pP]/.test(pattern[at + 1]!)) return at + 2;
  if (pattern[at + 2] !== '{') return at + 3;
  const end = pattern.indexOf('}', at + 3);
  return end < 0 ? pattern.length : end + 1;
}

function endOfMember(pattern: string, at: number): number {
  return pattern[at] === '\\' ? at + 2 : at + 1;
}
