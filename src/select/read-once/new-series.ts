import { MOST_TOLD } from '../../backend/series-origins.ts';
import { labelValue, labelsFromRecord, valuesKey, METRIC_NAME, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { TARGET_IDENTITY } from '../../model/target-identity.ts';
import { compileMatcher, compileMatchers } from '../../promql/match/compile.ts';
import type { Told } from './known-origins.ts';

/** Targets by `job` and `instance`, which are all labels of each; or that they are too many, or any. */
export type NewTargets = readonly Labels[] | 'many';

/**
 * The targets of siblings that may have series which the speaker does not have, and which matchers can match.
 * @param siblings what each of them told.
 * @param isKnown whether the index of scrapes knows the target of an `up` series.
 * @param most so many are told; more are many.
 */
export function newAtSiblings(
  siblings: readonly Told[],
  matchers: readonly Matcher[],
  isKnown: (up: Labels) => boolean,
  most: number,
): NewTargets {
  if (siblings.every(({ news }) => news.added.length + news.failing.length === 0)) return [];
  const holds = compileMatchers(matchers.filter(({ name }) => TARGET_IDENTITY.some((each) => each === name)));
  const found = new Map<string, Labels>();
  for (const { origins, news } of siblings) {
    const { added, failing } = news;
    if (origins.isRenaming && added.length > 0) return 'many';
    if (added.length > MOST_TOLD || failing.length > MOST_TOLD) return 'many';
    // One that fails has `up` at least; where it is new the speaker may not know it yet.
    for (const labels of [...added, ...failing.filter((up) => !isKnown(up))])
      if (holds(labels)) found.set(targetKey(labels), identityOf(labels));
    if (found.size > most) return 'many';
  }
  return [...found.values()];
}

/** The labels of a target that its series have in any case. */
export function identityOf(labels: Labels): Labels {
  return labelsFromRecord(
    Object.fromEntries(TARGET_IDENTITY.map((name) => [name, labelValue(labels, name)])),
  );
}

/** Tells targets apart. */
export function targetKey(labels: Labels): string {
  return valuesKey(labels, TARGET_IDENTITY);
}

/** Why some series that matchers can match may come from elsewhere than from scrapes; undefined where none may. */
export function otherOrigin(told: readonly Told[], matchers: readonly Matcher[]): string | undefined {
  const open = told.find(({ origins }) => origins.open !== undefined)?.origins.open;
  if (open !== undefined) return open;
  const names = matchers.filter(({ name }) => name === METRIC_NAME);
  const exact = names.find(({ kind }) => kind === '=');
  // Nearly all requests name one metric, and hardly one that rules make.
  if (exact !== undefined && !told.some(({ origins }) => origins.ruleNames.has(exact.value)))
    return undefined;
  const conditions = names.map((matcher) => compileMatcher(matcher));
  const isMeant = (name: string): boolean => conditions.every((holds) => holds(name));
  for (const { origins } of told) {
    const candidates =
      exact === undefined ? origins.ruleNames : [exact.value].filter((name) => origins.ruleNames.has(name));
    for (const name of candidates) if (isMeant(name)) return `a rule makes ${name}`;
  }
  return undefined;
}
