import type { BackendSelect } from '../backend.ts';
import { callApi } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { remoteRead } from './remote-read.ts';

/** How samples are read from one server, best first. */
export type ReadProtocol = 'remote-read-chunks' | 'remote-read-samples' | 'query';

/** A request that costs the server nothing: no series has samples that old. */
const PROBE: BackendSelect = {
  matchers: [{ kind: '=', name: '__name__', value: 'up' }],
  minTime: 0,
  maxTime: 0,
  hints: { step: 0, range: 0, func: '' },
};

/** Remembers which protocol a server speaks. What it lacked is asked for again at each refresh. */
export class Negotiation {
  #protocol: ReadProtocol | undefined;
  #version = '';
  /** The version whose chunks could not be decoded; it stays at samples until another version runs. */
  #undecodableVersion: string | undefined;

  get chunksAccepted(): boolean {
    return this.#undecodableVersion !== this.#version;
  }

  /** The protocol in use, found out first where that has not happened. */
  async current(client: HttpClient, signal: AbortSignal): Promise<ReadProtocol> {
    return this.#protocol ?? this.renew(client, this.#version, signal);
  }

  /** Finds the best protocol that the server answers. Throws EndpointError where it answers none. */
  async renew(client: HttpClient, version: string, signal: AbortSignal): Promise<ReadProtocol> {
    this.#version = version;
    const answer = await remoteRead(client, PROBE, this.chunksAccepted, signal);
    const offered = answer.kind === 'series';
    if (!offered) await callApi(client, { method: 'GET', path: '/api/v1/query?query=1' }, signal);
    const protocol = offered ? answer.protocol : 'query';
    this.#protocol = protocol;
    return protocol;
  }

  /** The server turned out not to offer remote read after all. */
  useQuery(): void {
    this.#protocol = 'query';
  }

  /** The server sent chunks of an encoding that is not known here. */
  refuseChunks(): void {
    this.#undecodableVersion = this.#version;
    this.#protocol = 'remote-read-samples';
  }

  /** What an answer turned out to be. */
  learned(protocol: ReadProtocol): void {
    this.#protocol = protocol;
  }
}
