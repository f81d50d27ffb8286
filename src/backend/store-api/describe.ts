import { ownScope } from '../../model/request-scope.ts';
import { type Labels, labelValue, labelsFrom, pairsOf } from '../../model/labels.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { type InfoResponse, decodeInfoResponse } from '../../wire/store-api/info.ts';
import type { BackendDescription } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
import { oneLine } from '../server-text.ts';
import { damaged, isNotOffered } from './errors.ts';
import type { GrpcClient } from './grpc-client.ts';
import { listLabelValues } from './label-api.ts';

const METHOD = '/thanos.info.Info/Info';

/** Beyond any time that a sample can have: a time range that reaches here is open. */
const OPEN_TIME = 2 ** 62;

/** Asks the server what it is and which APIs it serves. Throws EndpointError. */
export async function readInfo(client: GrpcClient, signal: AbortSignal): Promise<InfoResponse> {
  try {
    return decodeInfoResponse(await client.unary(METHOD, new Uint8Array(0), signal));
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
/** Names that are asked for; a server with more external labels is taken to have series with the others. */
const MOST_NAMES = 32;
/** Series of the last day are asked about: a querier may have stores of old blocks below, which would have to load them all. */
const WINDOW_MS = 24 * 3_600_000;

/**
 * The external labels whose names series carry themselves with another value, as those of a gateway may. Values of the server's
 * label sets tell nothing, because any series may have them as external ones. What it does not tell, or not wholly, may be so.
 * @param now ms since the epoch.
 */
export async function readOwnLabelNames(
  client: GrpcClient,
  { labelSets, componentType }: InfoResponse,
  now: number,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (LABELLED_BY_STORE.has(componentType)) return new Set();
  const external = new Map<string, Set<string>>();
  for (const [name, value] of labelSets.flatMap((set) => [...pairsOf(set)]))
    external.set(name, (external.get(name) ?? new Set()).add(value));
  const carried = await Promise.all(
    [...external].map(
      async ([name, values], i) => i >= MOST_NAMES || mayBeCarried(client, name, values, now, signal),
    ),
  );
  return new Set([...external.keys()].filter((_, i) => carried[i]));
}

async function mayBeCarried(
  client: GrpcClient,
  name: string,
  external: ReadonlySet<string>,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  // Of one value more than there are external ones, one is another.
  const lastDay = { matcherSets: [], minTime: now - WINDOW_MS, maxTime: now, limit: external.size + 1 };
  try {
    const { items, annotations } = await listLabelValues(client, name, ownScope(signal), lastDay, signal);
    return annotations.length > 0 || items.some((value) => !external.has(value));
  } catch (thrown) {
    if (thrown instanceof EndpointError && !signal.aborted) return true;
    throw thrown;
  }
}

/** Labels that all sets have with the same value: what is true of every series of the endpoint. */
function commonLabels(sets: readonly Labels[]): Labels {
  const [first = labelsFrom([]), ...others] = sets;
  return labelsFrom(
    [...pairsOf(first)].filter(([name, value]) => others.every((set) => labelValue(set, name) === value)),
  );
}
