import type { CallScope, RequestScope } from '../../model/request-scope.ts';
import { type Labels, labelValue, labelsFrom, pairsOf } from '../../model/labels.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { type InfoResponse, decodeInfoResponse } from '../../wire/store-api/info.ts';
import type { BackendDescription } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
import { ownLabelNames } from '../own-label-names.ts';
import { oneLine } from '../server-text.ts';
import { damaged, isNotOffered } from './errors.ts';
import type { GrpcClient } from './grpc-client.ts';
import { listLabelValues } from './label-api.ts';

const METHOD = '/thanos.info.Info/Info';

/** Beyond any time that a sample can have: a time range that reaches here is open. */
const OPEN_TIME = 2 ** 62;

/** Asks the server what it is and which APIs it serves. Throws EndpointError. */
export async function readInfo(client: GrpcClient, scope: CallScope): Promise<InfoResponse> {
  try {
    return decodeInfoResponse(await client.unary(METHOD, new Uint8Array(0), scope));
  } catch (thrown) {
    if (thrown instanceof MessageFormatError) throw damaged(thrown, 'Info answer');
    if (!isNotOffered(thrown)) throw thrown;
    throw new EndpointError(
      'bad_data',
      'it offers no Info call, as Thanos does since 0.24; check that the address is that of a Thanos Store API',
      { cause: thrown },
    );
  }
}

/** What {@link readInfo} says in the words of the backend port. Throws EndpointError where it serves no samples. */
export function describeInfo({
  store,
  componentType,
  labelSets,
}: InfoResponse): Omit<BackendDescription, 'ownLabelNames'> {
  if (store === undefined)
    throw new EndpointError(
      'bad_data',
      `it serves no Store API, it calls itself ${JSON.stringify(oneLine(componentType, 50))}; check the address`,
    );
  return {
    externalLabels: commonLabels(labelSets),
    labelSets: labelSets.length > 1 ? labelSets : undefined,
    protocol: 'store-api',
    minTime: store.minTime <= -OPEN_TIME ? -Infinity : store.minTime,
    maxTime: store.maxTime >= OPEN_TIME ? Infinity : store.maxTime,
    version: '',
    component: componentType,
  };
}

/** Thanos' own stores of samples lay external labels over those of series, and answer for them alone. */
const LABELLED_BY_STORE: ReadonlySet<string> = new Set(['sidecar', 'store', 'rule', 'receive']);
/** Series of the last day are asked about: a querier may have stores of old blocks below, which would have to load them all. */
const WINDOW_MS = 24 * 3_600_000;

/**
 * The external labels whose names series carry themselves with another value, as those of a gateway may. Values of the server's
 * label sets tell nothing, because any series may have them as external ones.
 * @param now ms since the epoch.
 */
export async function readOwnLabelNames(
  client: GrpcClient,
  { labelSets, componentType }: InfoResponse,
  now: number,
  scope: RequestScope,
): Promise<ReadonlySet<string>> {
  if (LABELLED_BY_STORE.has(componentType)) return new Set();
  const external = new Map<string, Set<string>>();
  for (const [name, value] of labelSets.flatMap((set) => [...pairsOf(set)]))
    external.set(name, (external.get(name) ?? new Set()).add(value));
  const lastDay = { matcherSets: [], minTime: now - WINDOW_MS, maxTime: now };
  return ownLabelNames(
    external,
    (name, limit) => listLabelValues(client, name, scope, { ...lastDay, limit }),
    scope.signal,
  );
}

/** Labels that all sets have with the same value: what is true of every series of the endpoint. */
function commonLabels(sets: readonly Labels[]): Labels {
  const [first = labelsFrom([]), ...others] = sets;
  return labelsFrom(
    [...pairsOf(first)].filter(([name, value]) => others.every((set) => labelValue(set, name) === value)),
  );
}
