import { HttpClient } from '../backend/prometheus/http-client.ts';
import type { AddressSource, EndpointMaker } from '../cluster/discovery/address-source.ts';
import { createHttpSource } from '../cluster/discovery/http-source.ts';
import { KubernetesSource } from '../cluster/discovery/kubernetes/kubernetes-source.ts';
import type {
  AddressFormConfig,
  HttpDiscoveryConfig,
  KubernetesDiscoveryConfig,
} from '../config/discovery-config.ts';
import type { Access } from '../config/endpoint-config.ts';
import { withoutSecrets } from '../model/server-address.ts';
import type { Clock } from '../model/clock.ts';
import type { Timers } from '../model/timers.ts';
import type { AddressForm } from '../cluster/discovery/address-form.ts';
import type { FileNote } from './pem-files.ts';
import { serverAccess } from './server-access.ts';

/** How long a look may take, and how large a list may be, is not for the client to say. */
const CLIENT = { connections: 1, connectTimeoutMs: 10_000, maxResponseBytes: Infinity };

/** A server that has a list of endpoints. Throws where a file that it is asked with cannot be used. */
export function listSource(
  server: HttpDiscoveryConfig,
  note: FileNote,
  endpoints: EndpointMaker,
): AddressSource {
  const { url, refresh_interval: intervalMs } = server;
  const open = clientOf(url, server, note);
  return createHttpSource({ url, intervalMs, form: formOf(server), open }, endpoints);
}

/** The EndpointSlices of an API server: a source for each namespace, since each is asked for by itself. Throws as {@link listSource} does. */
export function kubernetesSources(
  config: KubernetesDiscoveryConfig,
  note: FileNote,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  endpoints: EndpointMaker,
): readonly AddressSource[] {
  const { api_server: server, label_selector: labelSelector, port, namespaces } = config;
  const open = clientOf(server, config, note);
  const each: readonly (string | undefined)[] = namespaces.length === 0 ? [undefined] : namespaces;
  return each.map((namespace) => {
    const place = `${server}/${namespace ?? '*'}`;
    return new KubernetesSource(
      {
        name: `endpointslices ${place} ${labelSelector}${port === undefined ? '' : ` ${port}`}`,
        query: { namespace, labelSelector, port },
        form: formOf(config),
        open,
        clock,
        timers,
        jitter: withJitter,
      },
      endpoints,
    );
  });
}

/** A delay of ¾ to 5/4 of this one, ms. */
export function withJitter(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}

function formOf({ scheme, path_prefix: pathPrefix }: AddressFormConfig): AddressForm {
  return { scheme, pathPrefix };
}

function clientOf(url: string, access: Access, note: FileNote): () => HttpClient {
  const told: FileNote = (level, message) => note(level, `discovery at ${withoutSecrets(url)}: ${message}`);
  const { options } = serverAccess(access, access.tls, told);
  return () => new HttpClient({ ...CLIENT, ...options, url: new URL(url).origin });
}
