import type { Replication } from '../model/replication.ts';
import type { ServerKind } from '../model/server-kind.ts';
import type { TimeBound } from '../model/time-bound.ts';

/** How a server is asked, whatever for. */
export interface Access {
  readonly basic_auth?: BasicAuthConfig | undefined;
  readonly bearer_token?: string | undefined;
  readonly bearer_token_file?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsConfig | undefined;
}

export interface EndpointConfig extends Access {
  readonly address: string;
  /** What the server is; what it tells of itself decides where this is left out. */
  readonly kind?: ServerKind | undefined;
  /** Query parameters of each request. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Names of headers that it is sent as the client of a request sent them. */
  readonly pass_headers?: readonly string[] | undefined;
  /** Makes an endpoint of each tenant of it. */
  readonly tenants?: EndpointTenants | undefined;
  /** Read from the backend where this is left out. */
  readonly external_labels?: Readonly<Record<string, string>> | undefined;
  readonly replication?: Replication | undefined;
  /** Of which times it is asked for samples. */
  readonly min_time?: TimeBound | undefined;
  readonly max_time?: TimeBound | undefined;
  readonly timeout?: number | undefined;
  /** Whether a start waits for its answer for as long as it takes. */
  readonly strict: boolean;
}

/** A server that has tenants of its own. */
export interface EndpointTenants {
  /** The header by which it chooses the tenant; without one the address has `{tenant}` in it. */
  readonly header?: string | undefined;
  /** By the name of a tenant, what the server takes it for; empty for one that has nothing there. */
  readonly values: Readonly<Record<string, string>>;
}

export interface BasicAuthConfig {
  readonly username: string;
  readonly password?: string | undefined;
  readonly password_file?: string | undefined;
}

export interface TlsConfig {
  readonly ca_file?: string | undefined;
  readonly cert_file?: string | undefined;
  readonly key_file?: string | undefined;
  readonly server_name?: string | undefined;
  readonly insecure_skip_verify: boolean;
}
