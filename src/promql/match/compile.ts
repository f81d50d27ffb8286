import { labelValue, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { compileRegex } from './compile-regex.ts';
import type { ValuePredicate } from './fast-match.ts';

/**
 * Compiles one matcher to a predicate over the value of its label, `''` standing for an absent label. Throws QueryError
 * `bad_data` for a pattern that is no RE2 expression or too large.
 */
export function compileMatcher({ kind, value }: Matcher): ValuePredicate {
  switch (kind) {
    case '=':
      return (actual) => actual === value;
    case '!=':
      return (actual) => actual !== value;
    case '=~':
      return compileRegex(value);
    case '!~': {
      const matches = compileRegex(value);
      return (actual) => !matches(actual);
    }
  }
}

/** Compiles matchers to a predicate over label sets: all of them must hold. */
export function compileMatchers(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const conditions = matchers.map((matcher) => ({ name: matcher.name, holds: compileMatcher(matcher) }));
  return (labels) => conditions.every(({ name, holds }) => holds(labelValue(labels, name)));
}
