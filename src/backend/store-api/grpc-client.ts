import { Client, Metadata, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import type { Budget } from '../../model/budget.ts';
import { passedOn, type RequestIds } from '../../model/request-ids.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { authorizationNow } from '../connection-options.ts';
import type { TlsOptions } from '../connection-options.ts';
import { EndpointError, tooLarge } from '../endpoint-error.ts';
import { ArrivingMessage } from './arriving-message.ts';
import { callError } from './errors.ts';
import { asBuffer, asIs, takeMessages, type StreamCall, type TakeMessage } from './message-stream.ts';
import type { StoreApiOptions } from './options.ts';

/** While a server is away, connecting is tried again after 1 s and then ever less often, up to this, ms. */
const MOST_RECONNECT_DELAY_MS = 10_000;

/**
 * What a server may send ahead of us in each stream: HTTP/2's own 64 KiB makes it wait, at two thirds of the speed or less. A stream whose
 * messages wait counts with it.
 */
const FLOW_CONTROL_WINDOW_BYTES = 256 * 1024;

/** The health of a server as a whole (grpc/doc/health-checking.md): a message without fields. Servers that do not know it say so. */
const HEALTH = '/grpc.health.v1.Health/Check';
const EVERYTHING = new Uint8Array(0);

/** What a byte of a message takes in memory where its texts and lists are kept as objects. */
export const DECODED_COST = 4;

/**
 * gRPC to one server over one HTTP/2 connection, which is opened by the first call. Messages are bytes on both sides. When
 * the certificates change, calls that run end over the connection that they have, and later ones open a new one. Throws
 * {@link EndpointError}.
 */
export class GrpcClient {
  readonly #options: StoreApiOptions;
  readonly #headers: Metadata;
  #tls: TlsOptions | undefined;
  #client: Client;
  /** How many messages came so far. */
  #heard = 0;

  constructor(options: StoreApiOptions) {
    this.#options = options;
    this.#headers = metadataOf(options);
    this.#tls = options.tls?.();
    this.#client = openClient(options, this.#tls);
  }

  /** @param method with its service, `/thanos.info.Info/Info`. */
  async unary(method: string, request: Uint8Array, { signal, budget, ids }: CallScope): Promise<Uint8Array> {
    const answer = await callOnce(
      this.#clientNow(),
      { method, request, metadata: this.#metadataNow(ids) },
      signal,
      budget,
    );
    this.#heard++;
    budget.received(answer.length);
    return answer;
  }

  /**
   * Whether anything is heard of the server before the signal: any status over a connection of its own, or a message that answers another
   * call.
   */
  async knock({ signal, ids }: CallScope): Promise<boolean> {
    const before = this.#heard;
    const own = openClient(this.#options, this.#options.tls?.());
    try {
      await callOnce(
        own,
        { method: HEALTH, request: EVERYTHING, metadata: this.#metadataNow(ids) },
        signal,
        UNCOUNTED,
      );
      return true;
    } catch (thrown) {
      if (!(thrown instanceof EndpointError) && !signal.aborted) throw thrown;
      return this.#heard > before || !signal.aborted;
    } finally {
      own.close();
    }
  }

  /**
   * Gives the messages of a streamed answer to `take`, one after the other: while it works, in one turn or in several, the
   * server has to wait. Resolves when the answer is whole. What `take` throws comes out, and cancels the call. A message
   * counts against the budget while `take` works; what it keeps it takes itself.
   */
  async stream(method: string, request: Uint8Array, scope: CallScope, take: TakeMessage): Promise<void> {
    const { signal, budget, ids, reading } = scope;
    signal.throwIfAborted();
    const call = { method, request, metadata: this.#metadataNow(ids) };
    const { maxResponseBytes } = this.#options;
    let received = 0;
    try {
      const ahead = { bytes: FLOW_CONTROL_WINDOW_BYTES, budget };
      await takeMessages(this.#clientNow(), call, scope, ahead, (message) => {
        this.#heard++;
        reading?.reads(message.length);
        received += message.length;
        if (received > maxResponseBytes) throw tooLarge(maxResponseBytes);
        const { length } = message;
        budget.received(length);
        budget.take(length);
        let taking: Promise<void> | undefined;
        try {
          taking = take(message)?.finally(() => budget.give(length));
        } finally {
          if (taking === undefined) budget.give(length);
        }
        return taking;
      });
    } catch (thrown) {
      throw callError(thrown, method, received);
    }
  }

  close(): void {
    this.#client.close();
  }

  #clientNow(): Client {
    const tls = this.#options.tls?.();
    if (tls === this.#tls) return this.#client;
    this.#tls = tls;
    // Its connection closes once the calls on it have ended.
    this.#client.close();
    this.#client = openClient(this.#options, tls);
    return this.#client;
  }

  #metadataNow(ids: RequestIds): Metadata {
    const metadata = this.#headers.clone();
    for (const [name, value] of Object.entries(passedOn(ids))) metadata.set(name, value);
    const authorization = authorizationNow(this.#options.authorization);
    if (authorization !== undefined) metadata.set('authorization', authorization);
    return metadata;
  }
}

/** For the answer of a health check, which has some bytes. */
const UNCOUNTED: Pick<Budget, 'take' | 'give'> = { take: () => {}, give: () => {} };

/** Rejects with EndpointError, or with what the budget throws. */
async function callOnce(
  client: Client,
  { method, request, metadata }: StreamCall,
  signal: AbortSignal,
  budget: Pick<Budget, 'take' | 'give'>,
): Promise<Uint8Array> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const arriving = new ArrivingMessage(budget, (thrown) => {
      reject(thrown);
      cancel();
    });
    const call = arriving.begin(metadata, () =>
      client.makeUnaryRequest(method, asBuffer, asIs, request, metadata, {}, (error, answer) => {
        signal.removeEventListener('abort', cancel);
        arriving.end();
        if (error !== null) reject(callError(error, method, 0));
        else resolve(answer!);
      }),
    );
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
  });
}

function openClient(options: StoreApiOptions, tls: TlsOptions | undefined): Client {
  return new Client(options.target, channelCredentials(tls), channelOptions(options, tls?.serverName));
}

function channelOptions(options: StoreApiOptions, serverName: string | undefined): ChannelOptions {
  return {
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.keepalive_time_ms': options.keepAliveMs,
    'grpc.keepalive_timeout_ms': options.keepAliveTimeoutMs,
    'grpc.max_reconnect_backoff_ms': MOST_RECONNECT_DELAY_MS,
    // Endpoints do not share connections, so that closing one closes its own.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    'grpc-node.flow_control_window': FLOW_CONTROL_WINDOW_BYTES,
    ...(options.gzip && { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }),
    ...(serverName !== undefined && {
      'grpc.ssl_target_name_override': serverName,
      'grpc.default_authority': serverName,
    }),
  };
}

function channelCredentials(tls: TlsOptions | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, cert, key, insecureSkipVerify = false } = tls;
  return credentials.createSsl(pem(ca), pem(key), pem(cert), {
    rejectUnauthorized: !insecureSkipVerify,
    ...(insecureSkipVerify && { checkServerIdentity: () => undefined }),
  });
}

function pem(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}

function metadataOf({ headers = {} }: StoreApiOptions): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name.toLowerCase(), value);
  return metadata;
}
