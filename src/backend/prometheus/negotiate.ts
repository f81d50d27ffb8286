import type { CallScope } from '../../model/request-scope.ts';
import type { BackendSelect } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { HttpClient } from './http-client.ts';
import { checkQueries } from './offered.ts';
import { probeRemoteRead } from './remote-read.ts';
import type { RemoteReadAnswer } from './remote-read.ts';

/** How samples are read from one server, best first. */
export type ReadProtocol = 'remote-read-chunks' | 'remote-read-samples' | 'query';

/** A request that costs the server nothing: no series has samples that old. */
const PROBE: BackendSelect = {
  matchers: [{ kind: '=', name: '__name__', value: 'up' }],
  minTime: 0,
  maxTime: 0,
  hints: { range: 0, func: '' },
};

/** Remembers which protocol a server speaks. What it lacked is asked for again at each refresh. */
export class Negotiation {
  #protocol: ReadProtocol | undefined;
  #version = '';
  /** The version whose streams could not be used; it stays at samples until another version runs. */
  #undecodableVersion: string | undefined;

  get chunksAccepted(): boolean {
    return this.#undecodableVersion !== this.#version;
  }

  /** The protocol in use, found out first where that has not happened. */
  async current(client: HttpClient, scope: CallScope): Promise<ReadProtocol> {
    return this.#protocol ?? this.again(client, scope);
  }

  /** Finds the best protocol anew, of the server as it was described last. */
  async again(client: HttpClient, scope: CallScope): Promise<ReadProtocol> {
    return this.renew(client, this.#version, scope);
  }

  /** Finds the best protocol that the server answers. Throws EndpointError where it answers none. */
  async renew(client: HttpClient, version: string, scope: CallScope): Promise<ReadProtocol> {
    this.#version = version;
    let answer = await probeRemoteRead(client, PROBE, this.chunksAccepted, scope);
    if (answer.kind === 'unusable-stream') {
      this.refuseChunks();
      answer = await probeRemoteRead(client, PROBE, false, scope);
    }
    if (answer.kind === 'series') return this.learned(answer.protocol);
    await mustAnswerQueries(client, answer, scope);
    return this.learned('query');
  }

  /** Hears that the streams of the server cannot be used. */
  refuseChunks(): void {
    this.#undecodableVersion = this.#version;
    this.#protocol = 'remote-read-samples';
  }

  /** What an answer turned out to be. */
  learned(protocol: ReadProtocol): ReadProtocol {
    this.#protocol = protocol;
    return protocol;
  }
}

async function mustAnswerQueries(
  client: HttpClient,
  refused: Exclude<RemoteReadAnswer, { readonly kind: 'series' }>,
  scope: CallScope,
): Promise<void> {
  try {
    await checkQueries(client, scope);
  } catch (thrown) {
    if (!(thrown instanceof EndpointError) || scope.signal.aborted) throw thrown;
    const why = refused.kind === 'refused' ? `HTTP ${refused.status}` : `it sends ${refused.why}`;
    throw new EndpointError(
      thrown.kind,
      `neither remote read (${why}) nor queries can be used (${thrown.message}); check the address and its path`,
      { cause: thrown, detail: thrown.detail },
    );
  }
}
