import { fileURLToPath } from 'node:url';
import { FaultProxy } from '../../../../support/fault-proxy/fault-proxy.ts';
import { NO_FAULT } from '../../../../support/fault-proxy/fault.ts';
import { KubernetesApi, sliceOf, type Slice } from '../../../../support/kubernetes-api.ts';
import type { Replica } from '../../fleet/replica.ts';
import type { EndpointList } from './endpoint-list.ts';

const CA = fileURLToPath(import.meta.resolve('../../../../support/certificates/ca.crt'));

/** EndpointSlices of a Kubernetes API server, one for each replica. */
export class SliceList implements EndpointList {
  readonly endpoints = '';
  readonly discovery: string;
  readonly options = {};
  readonly #api: KubernetesApi;
  readonly #proxy: FaultProxy;
  #slices: readonly Slice[] = [];

  private constructor(api: KubernetesApi, proxy: FaultProxy) {
    this.#api = api;
    this.#proxy = proxy;
    this.discovery = `
  kubernetes:
    - api_server: https://127.0.0.1:${proxy.port}
      bearer_token: ${api.token}
      tls: { ca_file: ${CA}, server_name: store.example }
      namespaces: [mon]
      label_selector: kubernetes.io/service-name=prom
      port: web
      scheme: http
`;
  }

  static async start(): Promise<SliceList> {
    const api = new KubernetesApi();
    const port = Number(new URL(await api.start()).port);
    return new SliceList(api, await FaultProxy.start(port));
  }

  async name(replicas: readonly Replica[]): Promise<void> {
    const slices = replicas.map(({ name, proxy: { port } }) =>
      sliceOf(name, ['127.0.0.1'], { ports: [{ name: 'web', port, protocol: 'TCP' }] }),
    );
    for (const slice of slices) this.#api.put(slice);
    const names = new Set(replicas.map(({ name }) => name));
    for (const slice of this.#slices) if (!names.has(slice.metadata.name)) this.#api.remove(slice);
    this.#slices = slices;
  }

  /** The API server is away, or is there again. */
  async setAway(isAway: boolean): Promise<void> {
    await this.#proxy.set(isAway ? { kind: 'refusing' } : NO_FAULT);
  }

  /** Versions before the newest are gone: watches from there are answered 410. */
  forget(): void {
    this.#api.forget();
  }

  /** Cuts all watches off in the middle of an event. */
  cut(): void {
    this.#api.cut('{"type":"MODIF');
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.#api.close();
  }
}
