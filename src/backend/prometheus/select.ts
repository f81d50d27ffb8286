import { remark } from '../../model/annotations.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { EndpointMemory } from '../series-memory.ts';
import { exportSamples } from './export/export-samples.ts';
import type { HttpClient } from './http-client.ts';
import type { Kind } from './kinds/kind.ts';
import { queryMatrix } from './matrix-query.ts';
import type { Negotiation } from './negotiate.ts';
import { remoteRead } from './remote-read.ts';
import type { RemoteReadAnswer } from './remote-read.ts';

/**
 * Reads raw samples by the best protocol that the server speaks, and steps down where it turns out not to.
 * @param memory of what the server sent before.
 */
export async function selectSamples(
  client: HttpClient,
  negotiation: Negotiation,
  request: BackendSelect,
  scope: CallScope,
  memory: EndpointMemory | undefined,
): Promise<RawSeriesSet> {
  const protocol = await negotiation.current(client, scope);
  const { kind, chunksAccepted } = negotiation;
  if (protocol === 'none') return { series: new SeriesBatch(), annotations: [], bytes: 0 };
  if (protocol === 'query') return queryMatrix(client, request, kind, scope);
  if (protocol === 'export') return exportOrQuery(client, request, kind, scope);
  const answer = await remoteRead(client, request, kind, chunksAccepted, scope, memory);
  switch (answer.kind) {
    case 'series':
      negotiation.learned(answer.protocol);
      return answer.set;
    case 'refused':
      await mustBeReadByQuery(client, negotiation, answer, scope);
      return queryMatrix(client, request, kind, scope);
    case 'unusable-stream':
      negotiation.refuseChunks();
      return withoutStreams(client, negotiation, request, answer.why, scope);
  }
}

/** A refusal may be about what a query can say: that a part of the storage is missing. */
async function exportOrQuery(
  client: HttpClient,
  request: BackendSelect,
  kind: Kind,
  scope: CallScope,
): Promise<RawSeriesSet> {
  const answer = await exportSamples(client, request, kind, scope);
  return answer.kind === 'series' ? answer.set : queryMatrix(client, request, kind, scope);
}

async function withoutStreams(
  client: HttpClient,
  negotiation: Negotiation,
  request: BackendSelect,
  why: string,
  scope: CallScope,
): Promise<RawSeriesSet> {
  const { kind } = negotiation;
  const answer = await remoteRead(client, request, kind, false, scope);
  switch (answer.kind) {
    case 'series':
      return noted(answer.set, `it sends ${why}; plain samples are read instead, which is slower`);
    case 'refused':
      await mustBeReadByQuery(client, negotiation, answer, scope);
      return noted(await queryMatrix(client, request, kind, scope), `it sends ${why}, and no plain samples`);
    case 'unusable-stream':
      throw new EndpointError(
        'bad_data',
        `it sends ${why}, also where plain samples were asked for; change that there or in front of it`,
      );
  }
}

/**
 * Tells a server that has no remote read (any more) from one that refused this request; throws the refusal where it was about
 * the request. One request changes nothing of what the server is taken to speak: what it answers to a request that costs
 * nothing does. Prometheus answers 400 where a request exceeds its limits, and 500 to what else fails
 * (storage/remote/read_handler.go).
 */
async function mustBeReadByQuery(
  client: HttpClient,
  negotiation: Negotiation,
  { refusal, status, error }: RemoteReadAnswer & { readonly kind: 'refused' },
  scope: CallScope,
): Promise<void> {
  // It understood the request, and cannot do what that asks for (RFC 9110 §15.5.21). It has read before, so the call is there.
  if (status === 422) throw error;
  const protocol = await negotiation.again(client, scope).catch((thrown: unknown) => {
    throw thrown instanceof EndpointError && !scope.signal.aborted ? error : thrown;
  });
  // Of a call that is not there for this request alone, a query may still answer it.
  if (protocol !== 'query' && refusal !== 'not-offered') throw error;
}

function noted(set: RawSeriesSet, message: string): RawSeriesSet {
  return { ...set, annotations: [...set.annotations, remark('info', message)] };
}
