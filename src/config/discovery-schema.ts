import { z } from 'zod';
import type {
  DiscoveryConfig,
  FileDiscoveryConfig,
  FoundEndpointConfig,
  HttpDiscoveryConfig,
} from './discovery-config.ts';
import { accessProblems, endpointProblems, type Problem } from './endpoint-rules.ts';
import { accessKeys, endpointKeys, refusing } from './endpoint-schema.ts';
import { listUrl, pathPrefix, positiveDuration, text } from './fields.ts';

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
  .superRefine(refusing(({ url, ...access }) => accessProblems({ ...access, address: url })));

export const discovery: z.ZodType<DiscoveryConfig> = z.strictObject({
  files: z.array(file).default([]),
  endpoints_file: text.optional(),
  http: z.array(http).superRefine(refusing(repeatedLists)).default([]),
  file_interval: positiveDuration.prefault('5m'),
  dns_interval: positiveDuration.prefault('30s'),
});

function repeatedLists(lists: readonly HttpDiscoveryConfig[]): readonly Problem[] {
  const urls = lists.map(({ url }) => url);
  return urls.flatMap((url, i) =>
    urls.indexOf(url) === i ? [] : [{ path: [i, 'url'], message: 'is there twice; keep one of them' }],
  );
}
