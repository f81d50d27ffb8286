import { NO_LISTS, type ListCalls } from '../../src/backend/list-calls.ts';
import { readTargetMetadata } from '../../src/backend/prometheus/metadata-api.ts';
import { readRuleGroups } from '../../src/backend/prometheus/rules-api.ts';
import { readTargets } from '../../src/backend/prometheus/targets-api.ts';
import { readTsdbStatistics } from '../../src/backend/prometheus/tsdb-statistics-api.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import { success } from '../../src/model/result.ts';
import type { Recording } from '../support/recorded.ts';
import { type RecordedCall, recordedCalls } from './recorded-calls.ts';

const NO_EXTERNALS = { labels: EMPTY_LABELS, configured: false };

/** An endpoint that holds what the recorded server had, whatever it is asked for: what is left out is ours to do. */
export function recordedOperations(recording: Recording): ListCalls {
  const dataOf = (path: string): unknown => dataIn(recordedCalls(recording), path);
  const rules = readRuleGroups(dataOf('/api/v1/rules'), NO_EXTERNALS);
  const targets = readTargets(dataOf('/api/v1/targets'), NO_EXTERNALS);
  const everything = { metric: '', matchers: [] };
  // The server lists whole targets, so its limit cut nothing off the only one.
  const metadata = readTargetMetadata(dataOf('/api/v1/targets/metadata'), everything, NO_EXTERNALS);
  const statistics = readTsdbStatistics(dataOf('/api/v1/status/tsdb'));
  const list = <T>(items: readonly T[]) => Promise.resolve(success({ items, annotations: [] }));
  return {
    ...NO_LISTS,
    rules: () => list(rules),
    targets: (_, { state, scrapePool }) =>
      Promise.resolve(
        success({
          active: targets.active.filter(
            (target) => state !== 'dropped' && (scrapePool === '' || target.scrapePool === scrapePool),
          ),
          dropped: targets.dropped,
          droppedCounts: state === 'active' ? undefined : targets.droppedCounts,
          annotations: [],
        }),
      ),
    metadata: (_, { metric }) => list(metadata.filter((item) => metric === '' || item.metric === metric)),
    targetMetadata: (_, { metric }) =>
      list(metadata.filter((item) => metric === '' || item.metric === metric)),
    tsdbStatistics: () => list(statistics),
  };
}

/** What the first call of a path was answered, whatever its parameters. */
function dataIn(calls: readonly RecordedCall[], path: string): unknown {
  const call = calls.find((recorded) => recorded.path.split('?')[0] === path);
  if (call === undefined) throw new Error(`no call of ${path} was recorded`);
  return (JSON.parse(call.body) as { readonly data?: unknown }).data;
}
