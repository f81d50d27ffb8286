import { limitOf, refusalBy } from '../../model/caller-limits.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestJournal } from '../../model/request-journal.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { patternCost } from '../../promql/match/compile-regex.ts';

/** What a request has used of its limit. */
interface Used {
  readonly patterns: Set<string>;
  steps: number;
}

/** Counts the steps of the regular expressions that requests select by, for callers that have a limit of them. */
export class PatternLimits {
  // The journal is one for all scopes of a request.
  readonly #used = new WeakMap<RequestJournal, Used>();

  /** Each pattern of a request counts once. Throws `too_large` beyond the limit of its caller. */
  require({ caller: { limits }, journal }: RequestScope, matcherSets: readonly (readonly Matcher[])[]): void {
    const most = limitOf(limits, 'max_regex_steps');
    if (most === Infinity) return;
    const used = this.#used.get(journal) ?? { patterns: new Set(), steps: 0 };
    this.#used.set(journal, used);
    for (const { kind, value } of matcherSets.flat()) {
      if ((kind !== '=~' && kind !== '!~') || used.patterns.has(value)) continue;
      used.patterns.add(value);
      used.steps += patternCost(value).steps;
    }
    if (used.steps > most)
      throw refusalBy(
        limits,
        'max_regex_steps',
        `the regular expressions of the request have about ${used.steps} steps together; the limit is ${most}`,
        'use shorter ones, or list values as a|b|c, which costs no steps',
      );
  }
}
