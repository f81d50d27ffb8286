import { type Labels, labelValue, mergeLabels, pairsOf } from '../../model/labels.ts';
import { type Result, success } from '../../model/result.ts';
import type { Backend, BackendFailure, NotedList } from '../backend.ts';
import type { Operations } from '../operations.ts';

/** Lays configured external labels over those of an endpoint, in what it says of itself and in its series. */
export function withExternalLabels(backend: Backend, external: Labels): Backend {
  const over = (labels: Labels): Labels => mergeLabels(labels, external);
  return {
    address: backend.address,
    operations: operationsWith(backend.operations, over),
    describe: async (signal) =>
      mapped(await backend.describe(signal), (description) => ({
        ...description,
        externalLabels: over(description.externalLabels),
        labelSets: description.labelSets?.map(over),
        ownLabelNames: new Set(
          [...description.ownLabelNames].filter((name) => labelValue(external, name) === ''),
        ),
      })),
    select: async (request, signal) =>
      mapped(await backend.select(request, signal), (set) => ({
        ...set,
        series: set.series.map((series) => ({ ...series, labels: over(series.labels) })),
      })),
    series: async (request, signal) =>
      mappedItems(await backend.series(request, signal), (items) => items.map(over)),
    labelNames: async (request, signal) =>
      mappedItems(await backend.labelNames(request, signal), (items) =>
        items.length === 0
          ? items
          : [...new Set([...items, ...[...pairsOf(external)].map(([name]) => name)])],
      ),
    labelValues: async (label, request, signal) => {
      const value = labelValue(external, label);
      if (value === '') return backend.labelValues(label, request, signal);
      // The server does not know this value: it counts where there is any series at all.
      const some = await backend.labelNames({ ...request, limit: 1 }, signal);
      return mappedItems(some, (names) => (names.length === 0 ? [] : [value]));
    },
    close: () => backend.close(),
  };
}

function operationsWith(operations: Operations, over: (labels: Labels) => Labels): Operations {
  const labelled = <L extends { readonly labels: Labels }>(item: L): L => ({
    ...item,
    labels: over(item.labels),
  });
  return {
    ...operations,
    rules: async (request, signal) =>
      mappedItems(await operations.rules(request, signal), (groups) =>
        groups.map((group) => ({ ...group, rules: group.rules.map(labelled) })),
      ),
    targets: async (request, signal) =>
      mapped(await operations.targets(request, signal), (targets) => ({
        ...targets,
        active: targets.active.map(labelled),
      })),
    exemplars: async (request, signal) =>
      mappedItems(await operations.exemplars(request, signal), (series) => series.map(labelled)),
  };
}

function mapped<T>(result: Result<T, BackendFailure>, map: (value: T) => T): Result<T, BackendFailure> {
  return result.ok ? success(map(result.value)) : result;
}

function mappedItems<T>(
  result: Result<NotedList<T>, BackendFailure>,
  map: (items: readonly T[]) => readonly T[],
): Result<NotedList<T>, BackendFailure> {
  return mapped(result, ({ items, annotations }) => ({ items: map(items), annotations }));
}
