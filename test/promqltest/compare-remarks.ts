import type { Annotation, Remark } from '../../src/model/annotations.ts';
import type { Expected, TextMatcher } from './script.ts';
import { told } from '../support/scopes.ts';

/** Scripts name the remark on repaired buckets without what it says of the samples. */
const DETAILS = /, from buckets .+ with a max diff of .+ over \d+ samples from .+$/;

/** What differs between the remarks on an answer and those expected; undefined where nothing does. */
export function remarksProblem(expected: Expected, annotations: readonly Annotation[]): string | undefined {
  const texts = (severity: Remark['severity']): readonly string[] =>
    told(annotations)
      .filter((annotation) => annotation.severity === severity)
      .map(({ message }) => message.replace(DETAILS, ''));
  const [warnings, infos] = [texts('warning'), texts('info')];
  if (expected.someWarning && warnings.length === 0) return 'expected a warning, got none';
  if (expected.someInfo && infos.length === 0) return 'expected an info, got none';
  return listProblem('warning', expected.warnings, warnings) ?? listProblem('info', expected.infos, infos);
}

function listProblem(
  what: string,
  expected: readonly TextMatcher[] | undefined,
  actual: readonly string[],
): string | undefined {
  if (expected === undefined) return undefined;
  const missing = expected.find((matcher) => !actual.some((text) => matchesText(matcher, text)));
  if (missing !== undefined)
    return `expected a ${what} ${describeMatcher(missing)}, got ${JSON.stringify(actual)}`;
  const extra = actual.find((text) => !expected.some((matcher) => matchesText(matcher, text)));
  return extra === undefined ? undefined : `unexpected ${what} ${JSON.stringify(extra)}`;
}

export function matchesText(matcher: TextMatcher, text: string): boolean {
  switch (matcher.kind) {
    case 'any':
      return true;
    case 'exact':
      return matcher.text === text;
    case 'pattern':
      return matcher.pattern.test(text);
  }
}

export function describeMatcher(matcher: TextMatcher): string {
  switch (matcher.kind) {
    case 'any':
      return 'of any kind';
    case 'exact':
      return `saying ${JSON.stringify(matcher.text)}`;
    case 'pattern':
      return `matching ${String(matcher.pattern)}`;
  }
}
