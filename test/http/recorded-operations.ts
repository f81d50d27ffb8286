import { NO_LISTS, type ListCalls } from '../../src/backend/list-calls.ts';
import { readTargetMetadata } from '../../src/backend/prometheus/metadata-api.ts';
import { readRuleGroups } from '../../src/backend/prometheus/rules-api.ts';
import { readTargets } from '../../src/backend/prometheus/targets-api.ts';
import { readTsdbStatistics } from '../../src/backend/prometheus/tsdb-statistics-api.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import { success } from '../../src/model/result.ts';
import { testPacer } from '../support/pace.ts';
import type { Recording } from '../support/recorded.ts';
import { type RecordedCall, recordedCalls } from './recorded-calls.ts';

const NO_EXTERNALS = { labels: EMPTY_LABELS, configured: false };

/** An endpoint that holds what the recorded server had, whatever it is asked for: what is left out is ours to do. */
export function recordedOperations(recording: Recording): ListCalls {
  const dataOf = (path: string): unknown => dataIn(recordedCalls(recording), path);
  const rules = readRuleGroups(dataOf('/api/v1/rules'), NO_EXTERNALS, testPacer());
  const targets = readTargets(dataOf('/api/v1/targets'), NO_EXTERNALS, testPacer());
  const everything = { metric: '', matchers: [] };
  // The server lists whole targets, so its limit cut nothing off the only one.
  const metadata = readTargetMetadata(
    dataOf('/api/v1/targets/metadata'),
    everything,
    NO_EXTERNALS,
    testPacer(),
  );
  const statistics = readTsdbStatistics(dataOf('/api/v1/status/tsdb'));
  const list = async <T>(
    items: readonly T[] | Promise<readonly T[]>,
    is: (item: T) => boolean = () => true,
  ) => success({ items: (await items).filter(is), annotations: [] });
  const isOf =
    (metric: string) =>
    (item: { readonly metric: string }): boolean =>
      metric === '' || item.metric === metric;
  return {
    ...NO_LISTS,
    rules: () => list(rules),
    targets: async (_, { state, scrapePool }) => {
      const { active, dropped, droppedCounts } = await targets;
      return success({
        active: active.filter(
          (target) => state !== 'dropped' && (scrapePool === '' || target.scrapePool === scrapePool),
        ),
        dropped,
        droppedCounts: state === 'active' ? undefined : droppedCounts,
        annotations: [],
      });
    },
    metadata: (_, { metric }) => list(metadata, isOf(metric)),
    targetMetadata: (_, { metric }) => list(metadata, isOf(metric)),
    tsdbStatistics: () => list(statistics),
  };
}

/** What the first call of a path was answered, whatever its parameters. */
function dataIn(calls: readonly RecordedCall[], path: string): unknown {
  const call = calls.find((recorded) => recorded.path.split('?')[0] === path);
  if (call === undefined) throw new Error(`no call of ${path} was recorded`);
  return (JSON.parse(call.body) as { readonly data?: unknown }).data;
}
