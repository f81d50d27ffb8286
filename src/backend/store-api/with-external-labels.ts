import { type Labels, labelValue, mergeLabels, pairsOf } from '../../model/labels.ts';
import { type Result, success } from '../../model/result.ts';
import { OverlaidSeries } from '../../wire/batch/label-overlay.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
import type { Backend } from '../backend.ts';
import { attempt } from '../endpoint-error.ts';
import { layOver } from '../lay-over.ts';
import { answerPacer } from '../pace.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { Answered, EndpointItems, EndpointList } from '../answered.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { ListCalls } from '../list-calls.ts';

/** Makes something of each item of a list, with pauses. */
type EachOf = <T>(
  scope: RequestScope,
  listed: Result<EndpointItems<T>, BackendFailure>,
  make: (item: T) => T,
) => Answered<EndpointList<T>>;

/** Lays configured external labels over those of an endpoint, in what it says of itself and in its series. */
export function withExternalLabels(backend: Backend, external: Labels): Backend {
  const names = [...pairsOf(external)].map(([name]) => name);
  const over = (labels: Labels): Labels => mergeLabels(labels, external);
  const eachOf: EachOf = async (scope, listed, make) => {
    if (!listed.ok) return listed;
    return attempt(backend.address, scope, async (inner) => ({
      items: await answerPacer(inner).map(listed.value.items, make),
      annotations: listed.value.annotations,
    }));
  };
  return {
    address: backend.address,
    lists: listsWith(backend.lists, over, backend.address, eachOf),
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
      return attempt(backend.address, scope, async (inner) => {
        await layOver(result.value.series, external, 'extra', inner);
        return result.value;
      });
    },
    series: async (scope, request) => {
      const { taker: make } = request;
      const taker = make && ((): SeriesTaker => new OverlaidSeries(make(), external, 'extra'));
      return eachOf(scope, await backend.series(scope, { ...request, taker }), over);
    },
    labelNames: async (scope, request) =>
      mappedItems(await backend.labelNames(scope, request), (items) =>
        items.length === 0 ? items : [...items, ...names.filter((name) => !items.includes(name))],
      ),
    labelValues: async (scope, label, request) => {
      const value = labelValue(external, label);
      if (value === '') return backend.labelValues(scope, label, request);
      // The server does not know this value: it counts where there is any series at all.
      const some = await backend.labelNames(scope, { ...request, limit: 1 });
      return mappedItems(some, (names) => (names.length === 0 ? [] : [value]));
    },
    ...(backend.knock && { knock: backend.knock.bind(backend) }),
    close: () => backend.close(),
  };
}

function listsWith(
  lists: ListCalls,
  over: (labels: Labels) => Labels,
  address: string,
  eachOf: EachOf,
): ListCalls {
  const labelled = <L extends { readonly labels: Labels }>(item: L): L => ({
    ...item,
    labels: over(item.labels),
  });
  return {
    ...lists,
    rules: async (scope, request) =>
      eachOf(scope, await lists.rules(scope, request), (group) => ({
        ...group,
        rules: group.rules.map(labelled),
      })),
    targets: async (scope, request) => {
      const listed = await lists.targets(scope, request);
      if (!listed.ok) return listed;
      return attempt(address, scope, async (inner) => ({
        ...listed.value,
        active: await answerPacer(inner).map(listed.value.active, labelled),
      }));
    },
    exemplars: async (scope, request) => eachOf(scope, await lists.exemplars(scope, request), labelled),
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
