import type { CallScope } from '../../model/request-scope.ts';
import type { BackendSelect } from '../backend.ts';
import { EndpointError } from '../endpoint-error.ts';
import { exportSamples } from './export/export-samples.ts';
import type { HttpClient } from './http-client.ts';
import type { Kind, ReadProtocol } from './kinds/kind.ts';
import { AGENT, KINDS } from './kinds/table.ts';
import { checkQueries, isAgentText } from './offered.ts';
import { probeRemoteRead } from './remote-read.ts';
import type { RemoteReadAnswer } from './remote-read.ts';

/** How one server is read; `none` where it keeps no samples. */
type UsedProtocol = ReadProtocol | 'none';

/** A request that costs the server nothing: no series has samples that old. */
const PROBE: BackendSelect = {
  matchers: [{ kind: '=', name: '__name__', value: 'up' }],
  minTime: 0,
  maxTime: 0,
  hints: { range: 0, func: '' },
};

/** Remembers which protocol a server speaks. What it lacked is asked for again at each refresh. */
export class Negotiation {
  #protocol: UsedProtocol | undefined;
  #kind: Kind = KINDS.prometheus;
  #version = '';
  /** The version whose streams could not be used; it stays at samples until another version runs. */
  #undecodableVersion: string | undefined;
  /** Whether it fails where it is asked for chunks, as of the last refresh. */
  #failsOnChunks = false;

  /** What the server is, as it was described last. */
  get kind(): Kind {
    return this.#kind;
  }

  get chunksAccepted(): boolean {
    const isOffered = this.#kind.protocols.includes('remote-read-chunks') && !this.#failsOnChunks;
    return isOffered && this.#undecodableVersion !== this.#version;
  }

  /** The protocol in use, found out first where that has not happened. */
  async current(client: HttpClient, scope: CallScope): Promise<UsedProtocol> {
    return this.#protocol ?? this.again(client, scope);
  }

  /** Finds the best protocol anew, of the server as it was described last. */
  async again(client: HttpClient, scope: CallScope): Promise<UsedProtocol> {
    return this.renew(client, this.#kind === AGENT ? KINDS.prometheus : this.#kind, this.#version, scope);
  }

  /** Finds the best protocol of its kind that the server answers. Throws EndpointError where it answers none. */
  async renew(client: HttpClient, kind: Kind, version: string, scope: CallScope): Promise<UsedProtocol> {
    this.#kind = kind;
    this.#version = version;
    this.#failsOnChunks = false;
    const lacks: string[] = [];
    if (kind.protocols.includes('remote-read-samples')) {
      const answer = await this.#tryRemoteRead(client, scope);
      if (answer === 'agent') {
        this.#kind = AGENT;
        return this.learned('none');
      }
      if (answer.kind === 'series') return this.learned(answer.protocol);
      lacks.push(
        `remote read (${answer.kind === 'refused' ? `HTTP ${answer.status}` : `it sends ${answer.why}`})`,
      );
    }
    if (kind.protocols.includes('export')) {
      const answer = await exportSamples(client, PROBE, kind, scope);
      if (answer.kind === 'series') return this.learned('export');
      lacks.push(`export (${answer.error.message})`);
    }
    await mustAnswerQueries(client, kind, lacks, scope);
    return this.learned('query');
  }

  /** Hears that the streams of the server cannot be used. */
  refuseChunks(): void {
    this.#undecodableVersion = this.#version;
    this.#protocol = 'remote-read-samples';
  }

  /** What an answer turned out to be. */
  learned<T extends UsedProtocol>(protocol: T): T {
    this.#protocol = protocol;
    return protocol;
  }

  async #tryRemoteRead(client: HttpClient, scope: CallScope): Promise<RemoteReadAnswer | 'agent'> {
    try {
      const answer = await this.#probe(client, scope);
      if (answer.kind !== 'unusable-stream') return answer;
      this.refuseChunks();
    } catch (thrown) {
      if (!(thrown instanceof EndpointError) || scope.signal.aborted) throw thrown;
      const problem = await queryProblem(client, scope);
      if (problem !== undefined && isAgentText(problem.message)) return 'agent';
      if (problem !== undefined || !this.chunksAccepted) throw thrown;
      this.#failsOnChunks = true;
      return await this.#probe(client, scope).catch(() => {
        throw thrown;
      });
    }
    return this.#probe(client, scope);
  }

  async #probe(client: HttpClient, scope: CallScope): Promise<RemoteReadAnswer> {
    return probeRemoteRead(client, PROBE, this.#kind, this.chunksAccepted, scope);
  }
}

async function mustAnswerQueries(
  client: HttpClient,
  { protocols, prefix, title }: Kind,
  lacks: readonly string[],
  scope: CallScope,
): Promise<void> {
  const advice =
    prefix === undefined
      ? 'check the address and its path'
      : `${title} has its API under ${prefix} where nothing else is configured there, so check that the address ends with its path`;
  const queries = protocols.includes('query') ? await queryProblem(client, scope) : undefined;
  if (protocols.includes('query') && queries === undefined) return;
  const tried = [...lacks, ...(queries === undefined ? [] : [`queries (${queries.message})`])];
  const all =
    tried.length === 1 ? `${tried[0]} cannot be used` : `neither ${tried.join(' nor ')} can be used`;
  throw new EndpointError(queries?.kind ?? 'bad_data', `${all}; ${advice}`, {
    ...(queries && { cause: queries, detail: queries.detail }),
  });
}

async function queryProblem(client: HttpClient, scope: CallScope): Promise<EndpointError | undefined> {
  try {
    await checkQueries(client, scope);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof EndpointError) || scope.signal.aborted) throw thrown;
    return thrown;
  }
}
