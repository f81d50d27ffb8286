import type { Backend } from '../backend/backend.ts';
import { createStoreApiBackend } from '../backend/store-api/backend.ts';
import { STORE_API_DEFAULTS, type StoreApiOptions } from '../backend/store-api/options.ts';
import { createUnsupportedBackend } from '../backend/unsupported.ts';
import type { GrpcClientConfig } from '../config/config.ts';
import type { EndpointConfig, TlsConfig } from '../config/endpoint-config.ts';
import { TLS_ON_PLAIN_TEXT } from '../config/endpoint-rules.ts';
import { grpcTarget, noAddress } from '../model/server-address.ts';

/** What is the same for every protocol; the composition reads it from files. */
export type CommonOptions = Pick<
  StoreApiOptions,
  'maxResponseBytes' | 'engine' | 'headers' | 'externalLabels' | 'authorization' | 'tls'
>;

const DEFAULT_TLS: TlsConfig = { insecure_skip_verify: false };

/**
 * The TLS settings that an endpoint of gRPC is to have; undefined for plain text: `grpcs://` asks for TLS, `grpc://` for
 * none, and an address without a scheme, as Thanos writes it, follows `grpc_client.secure` or its own settings.
 */
export function grpcTls(
  { address, tls }: Pick<EndpointConfig, 'address' | 'tls'>,
  client: GrpcClientConfig,
): TlsConfig | undefined {
  if (address.startsWith('grpc://')) return undefined;
  if (tls !== undefined) return tls;
  return client.secure || address.startsWith('grpcs://') ? (client.tls ?? DEFAULT_TLS) : undefined;
}

/**
 * Makes the backend of a Store API, or one that fails and says what is wrong with the address, so that a command line
 * with one mistake starts, and its answers name it.
 */
export function createGrpcBackend(
  { address, tls }: Pick<EndpointConfig, 'address' | 'tls'>,
  client: GrpcClientConfig,
  common: CommonOptions,
): Backend {
  const target = grpcTarget(address);
  if (target === undefined) return createUnsupportedBackend(address, noAddress(address));
  if (address.startsWith('grpc://') && tls !== undefined)
    return createUnsupportedBackend(address, TLS_ON_PLAIN_TEXT);
  return createStoreApiBackend({
    ...STORE_API_DEFAULTS,
    ...common,
    address,
    target,
    gzip: client.compression === 'gzip',
    maxMessageBytes: client.max_message_bytes,
  });
}
