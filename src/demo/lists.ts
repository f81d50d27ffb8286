import { NO_LISTS, type ListCalls } from '../backend/list-calls.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Clock } from '../model/clock.ts';
import { bug } from '../model/errors.ts';
import { ownCall } from '../model/request-scope.ts';
import { failed, success } from '../model/result.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import type { ReplicaScraper } from './replica.ts';
import { evaluateRules, type EvaluateRange } from './rules.ts';
import { scrapedTargets } from './scraped-targets.ts';
import { statisticsOf } from './statistics.ts';

/** What a simulated server tells beside its samples. Its gateway, which evaluates its rules, is there once it was asked to begin. */
export function simulatedLists(
  scraper: ReplicaScraper,
  clock: Clock,
  historyMs: number,
  gateway: () => Gateway,
): ListCalls {
  return {
    ...NO_LISTS,
    rules: async ({ signal }) => {
      const evaluate: EvaluateRange = async (query) =>
        ownCall(signal, async (scope) => {
          const { value } = (await gateway().queryRange(scope, query)).answer;
          return value.kind === 'matrix' ? value.series : bug('a range query has no matrix');
        });
      try {
        return success({ items: await evaluateRules(evaluate, clock, historyMs), annotations: [] });
      } catch (thrown) {
        if (!signal.aborted) throw thrown;
        return failed({
          kind: 'canceled',
          endpoint: 'the replica itself',
          reason: 'the request was canceled',
        });
      }
    },
    targets: async () => success(scrapedTargets(scraper.targets())),
    metadata: async (_scope, { metric }) =>
      success({
        items: DESCRIPTIONS.filter((each) => metric === '' || each.metric === metric),
        annotations: [],
      }),
    tsdbStatistics: async () =>
      success({ items: [{ tenant: '', statistics: statisticsOf(scraper.series()) }], annotations: [] }),
  };
}
