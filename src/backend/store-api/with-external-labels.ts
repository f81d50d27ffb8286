import { type Labels, labelValue, mergeLabels, pairsOf } from '../../model/labels.ts';
import { type Result, success } from '../../model/result.ts';
import type { Backend } from '../backend.ts';
import { attempt } from '../endpoint-error.ts';
import { answerPacer } from '../pace.ts';
import type { EndpointList } from '../answered.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { ListCalls } from '../list-calls.ts';

/** Lays configured external labels over those of an endpoint, in what it says of itself and in its series. */
export function withExternalLabels(backend: Backend, external: Labels): Backend {
  const over = (labels: Labels): Labels => mergeLabels(labels, external);
  return {
    address: backend.address,
    lists: listsWith(backend.lists, over),
    describe: async (signal) =>
      mapped(await backend.describe(signal), (description) => ({
        ...description,
        externalLabels: over(description.externalLabels),
        labelSets: description.labelSets?.map(over),
        ownLabelNames: new Set(
          [...description.ownLabelNames].filter((name) => labelValue(external, name) === ''),
        ),
      })),
    select: async (scope, request) => {
      const result = await backend.select(scope, request);
      if (!result.ok) return result;
      return attempt(backend.address, scope, async ({ signal }) => {
        await result.value.series.overlay(external, 'extra', answerPacer(signal));
        return result.value;
      });
    },
    series: async (scope, request) =>
      mappedItems(await backend.series(scope, request), (items) => items.map(over)),
    labelNames: async (scope, request) =>
      mappedItems(await backend.labelNames(scope, request), (items) =>
        items.length === 0
          ? items
          : [...new Set([...items, ...[...pairsOf(external)].map(([name]) => name)])],
      ),
    labelValues: async (scope, label, request) => {
      const value = labelValue(external, label);
      if (value === '') return backend.labelValues(scope, label, request);
      // The server does not know this value: it counts where there is any series at all.
      const some = await backend.labelNames(scope, { ...request, limit: 1 });
      return mappedItems(some, (names) => (names.length === 0 ? [] : [value]));
    },
    close: () => backend.close(),
  };
}

function listsWith(lists: ListCalls, over: (labels: Labels) => Labels): ListCalls {
  const labelled = <L extends { readonly labels: Labels }>(item: L): L => ({
    ...item,
    labels: over(item.labels),
  });
  return {
    ...lists,
    rules: async (scope, request) =>
      mappedItems(await lists.rules(scope, request), (groups) =>
        groups.map((group) => ({ ...group, rules: group.rules.map(labelled) })),
      ),
    targets: async (scope, request) =>
      mapped(await lists.targets(scope, request), (targets) => ({
        ...targets,
        active: targets.active.map(labelled),
      })),
    exemplars: async (scope, request) =>
      mappedItems(await lists.exemplars(scope, request), (series) => series.map(labelled)),
  };
}

function mapped<T>(result: Result<T, BackendFailure>, map: (value: T) => T): Result<T, BackendFailure> {
  return result.ok ? success(map(result.value)) : result;
}

function mappedItems<T>(
  result: Result<EndpointList<T>, BackendFailure>,
  map: (items: readonly T[]) => readonly T[],
): Result<EndpointList<T>, BackendFailure> {
  return mapped(result, ({ items, annotations }) => ({ items: map(items), annotations }));
}
