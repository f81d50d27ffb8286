import { literalText } from './literal-text.ts';

/** What makes a list of texts more than that. */
const META_BUT_BAR = /[\\.+*?()[\]{}^$]/;

/** Bounds what `prefix(a|b|…)suffix` expands to. */
const MAX_EXPANSION = 2_000_000;

/**
 * The values that match a pattern made of literals, `|`, and groups of those: `a|b`, `(a|b)`, `pre-(?:a|b)-post|c`.
 * Undefined where a value set can not be listed that simply.
 */
export function alternatives(pattern: string): readonly string[] | undefined {
  if (!META_BUT_BAR.test(pattern)) return pattern.split('|');
  const branches = splitBranches(pattern);
  if (branches === undefined) return undefined;
  const texts: string[] = [];
  let expansion = 0;
  for (const branch of branches) {
    const expanded = expandBranch(branch);
    if (expanded === undefined) return undefined;
    for (const text of expanded) {
      texts.push(text);
      expansion += text.length;
    }
    if (expansion > MAX_EXPANSION) return undefined;
  }
  return texts;
}

/** Cuts at the `|` outside groups. Undefined where groups nest or do not close. */
function splitBranches(pattern: string): readonly string[] | undefined {
  const branches: string[] = [];
  let from = 0;
  let inGroup = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') {
      i++;
    } else if (char === '(' || char === ')') {
      if (inGroup === (char === '(')) return undefined;
      inGroup = char === '(';
    } else if (char === '|' && !inGroup) {
      branches.push(pattern.slice(from, i));
      from = i + 1;
    }
  }
  branches.push(pattern.slice(from));
  return inGroup ? undefined : branches;
}

function expandBranch(branch: string): readonly string[] | undefined {
  const plain = literalText(branch);
  if (plain !== undefined) return [plain];
  const open = indexOfUnescaped(branch, '(');
  const close = indexOfUnescaped(branch, ')');
  if (open < 0) return undefined;
  const inside = branch.slice(open + 1, close);
  const prefix = literalText(branch.slice(0, open));
  const suffix = literalText(branch.slice(close + 1));
  if (prefix === undefined || suffix === undefined) return undefined;
  const middles = splitBranches(inside.startsWith('?:') ? inside.slice(2) : inside) ?? [];
  if ((prefix.length + suffix.length) * middles.length > MAX_EXPANSION) return undefined;
  const texts: string[] = [];
  for (const middle of middles) {
    const text = literalText(middle);
    if (text === undefined) return undefined;
    texts.push(prefix + text + suffix);
  }
  return texts;
}

function indexOfUnescaped(text: string, wanted: string): number {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === wanted) return i;
    if (text[i] === '\\') i++;
  }
  return -1;
}
