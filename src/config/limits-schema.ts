import { z } from 'zod';
import type { LimitName, LimitValues } from '../model/caller-limits.ts';
import { isTenantName, A_TENANT_NAME } from '../model/tenant-name.ts';
import { byteSize, countOrNone, duration, headerName, text } from './fields.ts';
import type { BlockedQueryConfig, LimitsConfig } from './limits-config.ts';

const rate: z.ZodType<number> = z
  .number({ error: 'must be a number of requests a second, such as 10 or 0.5' })
  .min(0, { error: 'must be 0 (no limit) or more' })
  .max(1e6, { error: 'must be 1000000 or less' });

/** A mistyped limit would be none, so nothing else is taken. */
const values: z.ZodType<LimitValues> = z.strictObject({
  max_concurrent: countOrNone.optional(),
  max_queued: countOrNone.optional(),
  max_series: countOrNone.optional(),
  max_samples: countOrNone.optional(),
  max_received_bytes: byteSize.optional(),
  max_response_bytes: byteSize.optional(),
  max_range: duration.optional(),
  max_age: duration.optional(),
  max_points: countOrNone.optional(),
  max_regex_steps: countOrNone.optional(),
  requests_per_second: rate.optional(),
  request_burst: countOrNone.optional(),
} satisfies Record<LimitName, z.ZodType>);

export const limits: z.ZodType<LimitsConfig> = z.strictObject({
  default: values.prefault({}),
  tenants: z.record(text, values).default({}),
  clients: z.record(text, values).default({}),
});

const NO_CONDITION = 'says nothing of the queries that it blocks; give query, pattern or headers';

export const blockedQueries: z.ZodType<readonly BlockedQueryConfig[]> = z
  .array(
    z
      .strictObject({
        query: text.optional(),
        pattern: text.optional(),
        headers: z.record(headerName, text).default({}),
        tenants: z.array(text.refine(isTenantName, { error: `must have ${A_TENANT_NAME}` })).default([]),
        reason: text.refine((reason) => reason.trim() !== '', { error: 'must say why, for those who ask' }),
      })
      .refine(
        ({ query, pattern, headers }) =>
          query !== undefined || pattern !== undefined || Object.keys(headers).length > 0,
        { error: NO_CONDITION },
      ),
  )
  .max(1000, { error: 'has more than 1000 items, each of which is compared with every query' })
  .default([]);
