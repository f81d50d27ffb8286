import { ENDPOINT_FLAGS } from './endpoints.ts';
import type { Flag } from './flag.ts';
import { OPERATION_FLAGS } from './operation.ts';
import { QUERY_FLAGS } from './querying.ts';
import { SHARED_CACHE_FLAGS } from './shared-cache.ts';
import { TENANCY_FLAGS } from './tenancy.ts';

/** `promweave serve`. Names are those of `thanos query` wherever the meaning is the same. */
export const SERVE_FLAGS: readonly Flag[] = [
  ...OPERATION_FLAGS,
  ...ENDPOINT_FLAGS,
  ...QUERY_FLAGS,
  ...SHARED_CACHE_FLAGS,
  ...TENANCY_FLAGS,
];
