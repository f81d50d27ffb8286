import { z } from 'zod';
import type { Replication } from '../model/replication.ts';
import { SERVER_KINDS } from '../model/server-kind.ts';
import type { Access, BasicAuthConfig, EndpointConfig, TlsConfig } from './endpoint-config.ts';
import { basicAuthProblem, endpointProblems, repeatedEndpoints, tooManyEndpoints } from './endpoint-rules.ts';
import type { Problem } from './problem.ts';
import { endpointAddress, headerName, positiveDuration, text, timeBound } from './fields.ts';

export const replication: z.ZodType<Replication> = z.enum(['auto', 'redundant', 'disjoint']);

export const tls: z.ZodType<TlsConfig> = z.strictObject({
  ca_file: text.optional(),
  cert_file: text.optional(),
  key_file: text.optional(),
  server_name: text.optional(),
  insecure_skip_verify: z.boolean().default(false),
});

const basicAuth: z.ZodType<BasicAuthConfig> = z
  .strictObject({
    username: text,
    password: text.optional(),
    password_file: text.optional(),
  })
  .superRefine((auth, context) => {
    const problem = basicAuthProblem(auth);
    if (problem !== undefined) context.addIssue(problem);
  });

/** A schema for each key. */
type Keys<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/** How a server is asked, whatever for. */
export const accessKeys: Keys<Access> = {
  basic_auth: basicAuth.optional(),
  bearer_token: text.optional(),
  bearer_token_file: text.optional(),
  headers: z.record(z.string(), text).default({}),
  tls: tls.optional(),
};

/** What an endpoint may have beside its address. */
export const endpointKeys: Keys<Omit<EndpointConfig, 'address'>> = {
  kind: z.enum(SERVER_KINDS).optional(),
  parameters: z.record(z.string(), text).optional(),
  pass_headers: z.array(text).optional(),
  tenants: z.strictObject({ header: headerName.optional(), values: z.record(z.string(), text) }).optional(),
  external_labels: z.record(z.string(), text).optional(),
  replication: replication.optional(),
  min_time: timeBound.optional(),
  max_time: timeBound.optional(),
  timeout: positiveDuration.optional(),
  strict: z.boolean().default(false),
  ...accessKeys,
};

/** A check that names the keys that it objects to. */
export function refusing<T>(problemsOf: (value: T) => readonly Problem[]) {
  return (value: T, context: z.RefinementCtx): void => {
    for (const { path, message } of problemsOf(value))
      context.addIssue({ code: 'custom', path: [...path], message });
  };
}

const endpoint: z.ZodType<EndpointConfig> = z
  .strictObject({ address: endpointAddress, ...endpointKeys })
  .superRefine(refusing(endpointProblems));

export const endpoints: z.ZodType<readonly EndpointConfig[]> = z
  .array(endpoint)
  .superRefine(refusing(tooManyEndpoints))
  .superRefine(refusing(repeatedEndpoints))
  .default([]);
