import { type Labels, labelValue, labelsFrom, pairsOf } from '../../model/labels.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { type InfoResponse, decodeInfoResponse } from '../../wire/store-api/info.ts';
import type { BackendDescription } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
import { oneLine } from '../server-text.ts';
import { damaged, isNotOffered } from './errors.ts';
import type { GrpcClient } from './grpc-client.ts';

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
export function describeInfo({ store, componentType, labelSets }: InfoResponse): BackendDescription {
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

/** Labels that all sets have with the same value: what is true of every series of the endpoint. */
function commonLabels(sets: readonly Labels[]): Labels {
  const [first = labelsFrom([]), ...others] = sets;
  return labelsFrom(
    [...pairsOf(first)].filter(([name, value]) => others.every((set) => labelValue(set, name) === value)),
  );
}
