import { remark } from '../../model/annotations.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
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
      negotiation.learned('query');
      return queryMatrix(client, request, signal);
    case 'unusable-stream':
      negotiation.refuseChunks();
      return withoutStreams(client, negotiation, request, answer.why, signal);
  }
}

async function withoutStreams(
  client: HttpClient,
  negotiation: Negotiation,
  request: BackendSelect,
  why: string,
  signal: AbortSignal,
): Promise<RawSeriesSet> {
  const answer = await remoteRead(client, request, false, signal);
  switch (answer.kind) {
    case 'series':
      return noted(answer.set, `it sends ${why}; plain samples are read instead, which is slower`);
    case 'not-offered':
      negotiation.learned('query');
      return noted(await queryMatrix(client, request, signal), `it sends ${why}, and no plain samples`);
    case 'unusable-stream':
      throw new EndpointError(
        'bad_data',
        `it sends ${why}, also where plain samples were asked for; change that there or in front of it`,
      );
  }
}

function noted(set: RawSeriesSet, message: string): RawSeriesSet {
  return { ...set, annotations: [...set.annotations, remark('info', message)] };
}
