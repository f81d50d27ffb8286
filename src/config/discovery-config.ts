import type { Access, EndpointConfig } from './endpoint-config.ts';

/** Where endpoints are looked for, besides names under `endpoints`. Durations are milliseconds. */
export interface DiscoveryConfig {
  /** Lists of addresses as Prometheus' file discovery has them. */
  readonly files: readonly FileDiscoveryConfig[];
  /** A file with `endpoints: [{ address }]`. */
  readonly endpoints_file?: string | undefined;
  /** Servers that list addresses as Prometheus' HTTP discovery has them. */
  readonly http: readonly HttpDiscoveryConfig[];
  readonly kubernetes: readonly KubernetesDiscoveryConfig[];
  /** How often files are read again. */
  readonly file_interval: number;
  /** Longest time between two lookups of a name; a shorter TTL leads to a sooner one. */
  readonly dns_interval: number;
}

/** What is set for all endpoints that one source finds. */
export type FoundEndpointConfig = Omit<EndpointConfig, 'address'>;

/** What sources that list labels with their addresses have in common. */
export interface ListConfig {
  /** Whether the labels of a list are the external labels of its endpoints; else they have no effect. */
  readonly labels_as_external: boolean;
  readonly endpoint: FoundEndpointConfig;
}

export interface FileDiscoveryConfig extends ListConfig {
  /** A file, or a pattern such as `/etc/sd/*.yml`. */
  readonly path: string;
}

/** What is put around a listed `host:port`. */
export interface AddressFormConfig {
  /** In front of addresses without a scheme; without it, these are of gRPC. */
  readonly scheme?: 'http' | 'https' | 'grpc' | 'grpcs' | undefined;
  /** Behind these addresses, where they are of HTTP: `/prometheus`, or empty. */
  readonly path_prefix: string;
}

/** The keys of {@link Access} are about the server that has the list. */
export interface HttpDiscoveryConfig extends ListConfig, AddressFormConfig, Access {
  readonly url: string;
  readonly refresh_interval: number;
}

/** EndpointSlices of services. The keys of {@link Access} are about the API server. */
export interface KubernetesDiscoveryConfig extends AddressFormConfig, Access {
  /** The one of the cluster that the gateway runs in, and its service account, where it is left out. */
  readonly api_server: string;
  /** All where it is empty. */
  readonly namespaces: readonly string[];
  readonly label_selector: string;
  /** Name or number; slices have one port alone where it is left out. */
  readonly port?: string | undefined;
  readonly endpoint: FoundEndpointConfig;
}
