import { z } from 'zod';
import type {
  AddressFormConfig,
  DiscoveryConfig,
  FileDiscoveryConfig,
  FoundEndpointConfig,
  HttpDiscoveryConfig,
  KubernetesDiscoveryConfig,
} from './discovery-config.ts';
import { accessProblems, endpointProblems, settingsOverHttp } from './endpoint-rules.ts';
import type { Problem } from './problem.ts';
import { accessKeys, endpointKeys, refusing } from './endpoint-schema.ts';
import { listUrl, pathPrefix, port, positiveDuration, serverUrl, text } from './fields.ts';

/** What of the settings for all endpoints of a source contradicts itself, whatever their addresses are. */
function foundProblems(found: FoundEndpointConfig): readonly Problem[] {
  return endpointProblems({ ...found, address: 'http://…' });
}

const found: z.ZodType<FoundEndpointConfig> = z
  .strictObject(endpointKeys)
  .superRefine(refusing(foundProblems));

const listKeys = {
  labels_as_external: z.boolean().default(false),
  endpoint: found.prefault({}),
};

const addressForm = {
  scheme: z.enum(['http', 'https', 'grpc', 'grpcs']).optional(),
  path_prefix: pathPrefix.default(''),
};

/** What is set for endpoints that the form of their addresses has asked over gRPC, and needs HTTP. */
function overGrpc({
  scheme,
  endpoint,
}: AddressFormConfig & { readonly endpoint: FoundEndpointConfig }): readonly Problem[] {
  if (scheme?.startsWith('http') === true) return [];
  const why =
    scheme === undefined ? 'which is used where there is no scheme' : `which scheme ${scheme} means`;
  return settingsOverHttp(endpoint).map((name) => ({
    path: ['endpoint', name],
    message: `has no effect over gRPC, ${why}; set scheme to http or https, or leave ${name} out`,
  }));
}

/** RFC 1123, as names of namespaces are. */
const namespace = text.refine((name) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name), {
  error: 'must be the name of a namespace',
});

/** A path alone is a file without further settings. */
const file: z.ZodType<FileDiscoveryConfig> = z.preprocess(
  (given) => (typeof given === 'string' ? { path: given } : given),
  z.strictObject({ path: text, ...listKeys }),
);

const http: z.ZodType<HttpDiscoveryConfig> = z
  .strictObject({
    url: listUrl,
    refresh_interval: positiveDuration.prefault('1m'),
    ...accessKeys,
    ...addressForm,
    ...listKeys,
  })
  .superRefine(
    refusing(({ url, ...list }) => [
      ...accessProblems({ ...list, address: url }),
      // Other settings have an effect on listed addresses that name HTTP themselves.
      ...(list.scheme === undefined ? [] : overGrpc(list)).filter(({ path }) => path.includes('tenants')),
    ]),
  );

/** Where Kubernetes puts the token of a pod and the authority of its API server. */
export const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where nothing says which API server to ask. */
const IN_CLUSTER = {
  api_server: 'https://kubernetes.default.svc',
  bearer_token_file: `${SERVICE_ACCOUNT}/token`,
  tls: { ca_file: `${SERVICE_ACCOUNT}/ca.crt` },
};

const kubernetes: z.ZodType<KubernetesDiscoveryConfig> = z.preprocess(
  (given) =>
    typeof given === 'object' && given !== null && !('api_server' in given)
      ? { ...IN_CLUSTER, ...given }
      : given,
  z
    .strictObject({
      api_server: serverUrl,
      namespaces: z.array(namespace).default([]),
      label_selector: text.refine((selector) => selector.trim() !== '', {
        error: 'must not be empty; name a service with kubernetes.io/service-name=NAME',
      }),
      port: port.optional(),
      ...accessKeys,
      ...addressForm,
      endpoint: found.prefault({}),
    })
    .superRefine(
      refusing(({ api_server: address, ...place }) => [
        ...accessProblems({ ...place, address }),
        ...overGrpc(place),
      ]),
    ),
);

export const discovery: z.ZodType<DiscoveryConfig> = z.strictObject({
  files: z.array(file).default([]),
  endpoints_file: text.optional(),
  http: z.array(http).superRefine(refusing(repeatedLists)).default([]),
  kubernetes: z.array(kubernetes).default([]),
  file_interval: positiveDuration.prefault('5m'),
  dns_interval: positiveDuration.prefault('30s'),
});

function repeatedLists(lists: readonly HttpDiscoveryConfig[]): readonly Problem[] {
  const urls = lists.map(({ url }) => url);
  return urls.flatMap((url, i) =>
    urls.indexOf(url) === i ? [] : [{ path: [i, 'url'], message: 'is there twice; keep one of them' }],
  );
}
