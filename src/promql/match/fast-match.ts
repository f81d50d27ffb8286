import { alternatives } from './alternatives.ts';
import type { ValuePredicate } from './value-predicate.ts';
import { literalText } from './literal-text.ts';

/**
 * A predicate for the forms that make up most matchers in practice, without a regex engine: `a`, `a|b|c`,
 * `pre(a|b)post`, `.*`, `.+`, and a literal with either of those in front of it or behind it. Undefined for all others.
 */
export function fastMatch(pattern: string): ValuePredicate | undefined {
  const texts = alternatives(pattern);
  if (texts !== undefined) return oneOf(texts);
  const [, front = '', middle, back = ''] = /^(\.[*+])?(.*?)(\.[*+])?$/s.exec(pattern)!;
  const literal = literalText(middle!);
  // With an odd backslash in front, the last dot is a literal and the star repeats it.
  return literal === undefined || (front === '' && back === '') ? undefined : around(front, literal, back);
}

function oneOf(texts: readonly string[]): ValuePredicate {
  if (texts.length === 1) {
    const [only] = texts;
    return (value) => value === only;
  }
  const set = new Set(texts);
  return (value) => set.has(value);
}

function around(front: string, literal: string, back: string): ValuePredicate {
  const before = front === '.+' ? 1 : 0;
  const after = back === '.+' ? 1 : 0;
  const least = literal.length + before + after;
  if (front === '') return (value) => value.length >= least && value.startsWith(literal);
  if (back === '') return (value) => value.length >= least && value.endsWith(literal);
  return (value) => {
    // An empty literal is found at the end of a value, even where the search begins behind it.
    const found = value.length < least ? -1 : value.indexOf(literal, before);
    return found >= 0 && found + literal.length + after <= value.length;
  };
}
