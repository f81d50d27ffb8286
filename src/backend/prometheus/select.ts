import type { Annotation } from '../../model/annotations.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { EndpointError } from './errors.ts';
import type { HttpClient } from './http-client.ts';
import { queryMatrix } from './matrix-query.ts';
import type { Negotiation } from './negotiate.ts';
import { remoteRead } from './remote-read.ts';

/** Reads raw samples by the best protocol that the server speaks, and steps down where it turns out not to. */
export async function selectSamples(
  client: HttpClient,
  negotiation: Negotiation,
  request: BackendSelect,
  signal: AbortSignal,
): Promise<RawSeriesSet> {
  const protocol = await negotiation.current(client, signal);
  if (protocol === 'query') return queryMatrix(client, request, signal);
  const answer = await remoteRead(client, request, negotiation.chunksAccepted, signal);
  switch (answer.kind) {
    case 'series':
      negotiation.learned(answer.protocol);
      return answer.set;
    case 'not-offered':
      negotiation.useQuery();
      return queryMatrix(client, request, signal);
    case 'unknown-encoding':
      negotiation.refuseChunks();
      return readAsSamples(client, request, answer.encoding, signal);
  }
}

async function readAsSamples(
  client: HttpClient,
  request: BackendSelect,
  encoding: number,
  signal: AbortSignal,
): Promise<RawSeriesSet> {
  const answer = await remoteRead(client, request, false, signal);
  if (answer.kind !== 'series')
    throw new EndpointError(
      'bad_data',
      `it sends chunks of an unknown encoding (${encoding}) and refuses plain samples; turn that encoding off there`,
    );
  const note: Annotation = {
    severity: 'info',
    message: `it sends chunks of an unknown encoding (${encoding}), so plain samples are read instead, which is slower`,
  };
  return { ...answer.set, annotations: [...answer.set.annotations, note] };
}
