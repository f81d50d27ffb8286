import { z } from 'zod';
import { parseBytes } from '../model/byte-size.ts';
import { parseDuration } from '../model/duration.ts';
import { messageOf } from '../model/errors.ts';
import type { TimeBound } from '../model/time-bound.ts';
import { addressProblem, withoutSecrets } from '../model/server-address.ts';
import type { ListenAddress } from './config.ts';
import type { PortAddress } from './port-address.ts';
import { HTTP_NAME } from './header-rules.ts';

/** Any text. YAML takes an unquoted number for a number, and labels are never numbers. */
export const text: z.ZodType<string> = z.string({
  error: ({ input }) => (input === undefined ? 'is required' : 'must be a string (quote numbers)'),
});

/** A duration in Prometheus' notation; milliseconds after validation. */
export const duration: z.ZodType<number> = z
  .string({ error: 'must be a duration such as 30s, 5m or 1h30m' })
  .transform((text, context) => {
    try {
      return parseDuration(text);
    } catch (thrown) {
      context.addIssue(`${messageOf(thrown)}; write for example 30s, 5m or 1h30m`);
      return z.NEVER;
    }
  });

/** A duration of a millisecond or more; 0 would ask without a pause, or give up at once. */
export const positiveDuration: z.ZodType<number> = duration.refine((ms) => ms > 0, {
  error: 'must be more than 0; write for example 30s, 5m or 1h30m',
});

const A_TIME = 'must be a time such as 2024-01-31T00:00:00Z, or a duration before now such as -15d';
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** An end of a time range, in Thanos' notation: RFC 3339, or a duration from now with a sign in front of it. */
export const timeBound: z.ZodType<TimeBound> = z
  .string({ error: A_TIME })
  .transform((given, context): TimeBound => {
    const at = RFC3339.test(given) ? Date.parse(given) : NaN;
    if (!Number.isNaN(at)) return { kind: 'at', ms: at };
    try {
      const ms = parseDuration(given.replace(/^[+-]/, ''));
      return { kind: 'from-now', ms: given.startsWith('-') ? -ms : ms };
    } catch {
      context.addIssue(`${A_TIME}, not ${JSON.stringify(given)}`);
      return z.NEVER;
    }
  });

const LISTEN = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:\s]*):(?<port>\d{1,5})$/;

/** `host:port` to listen on; an empty host means every interface, port 0 a free one. */
export const portAddress: z.ZodType<PortAddress> = z
  .string({ error: 'must be an address to listen on, such as 0.0.0.0:10902' })
  .transform((text, context) => {
    const groups = LISTEN.exec(text)?.groups;
    const port = Number(groups?.['port']);
    if (groups === undefined || port > 65_535) {
      context.addIssue(`${JSON.stringify(text)} is no address to listen on; write for example 0.0.0.0:10902`);
      return z.NEVER;
    }
    return { host: groups['host']!.replaceAll(/[[\]]/g, '') || '0.0.0.0', port };
  });

const UNIX = 'unix:';

/** The most bytes that a path of a socket may have on Linux; elsewhere fewer. */
const LONGEST_SOCKET = 107;

/** The same, or `unix:` and an absolute path. */
export const listenAddress: z.ZodType<ListenAddress> = z
  .string({ error: 'must be an address to listen on, such as 0.0.0.0:10902' })
  .transform((text, context): ListenAddress => {
    const path = text.startsWith(UNIX) ? text.slice(UNIX.length).replace(/^\/\/(?=\/)/, '') : undefined;
    if (path === undefined) {
      const parsed = portAddress.safeParse(text);
      if (parsed.success) return parsed.data;
      context.addIssue(parsed.error.issues[0]!.message);
      return z.NEVER;
    }
    if (path.startsWith('/') && Buffer.byteLength(path) <= LONGEST_SOCKET) return { path };
    context.addIssue(
      `${JSON.stringify(text)} names no socket; write unix: and an absolute path of ${LONGEST_SOCKET} bytes at most`,
    );
    return z.NEVER;
  });

/** A count of one or more. */
export const count: z.ZodType<number> = z
  .int({ error: 'must be a whole number' })
  .min(1, { error: 'must be 1 or more' });

/** A count, or 0 for no limit. */
export const countOrNone: z.ZodType<number> = z
  .int({ error: 'must be a whole number' })
  .min(0, { error: 'must be 0 (no limit) or more' });

const A_SIZE = 'must be a size such as 512MiB or 2GiB, or 0 for no limit';

/** A size in bytes: a number, or a text with a unit; 0 means no limit. */
export const byteSize: z.ZodType<number> = z
  .union([z.int().min(0, { error: A_SIZE }), z.string()], { error: A_SIZE })
  .transform((given, context) => {
    const bytes = typeof given === 'number' ? given : parseBytes(given);
    if (bytes !== undefined) return bytes;
    context.addIssue(`${A_SIZE}, not ${JSON.stringify(given)}`);
    return z.NEVER;
  });

/** Where a server has a list. Its query is not shown, other than that of an endpoint's address. */
export const listUrl: z.ZodType<string> = text.superRefine((url, context) => {
  const problem = /^https?:\/\/\S+$/.test(url)
    ? addressProblem(url.replace(/\?[^#]*$/, ''))
    : 'is no address of a list; write for example https://sd.example/targets';
  if (problem !== undefined) context.addIssue(`${withoutSecrets(url)} ${problem}`);
});

/** A server of HTTP without a path. */
export const serverUrl: z.ZodType<string> = text.superRefine((url, context) => {
  const problem = /^https?:\/\/[^\s/]+\/?$/.test(url)
    ? addressProblem(url)
    : 'is no address of a server; write for example https://10.0.0.1:6443';
  if (problem !== undefined) context.addIssue(`${withoutSecrets(url)} ${problem}`);
});

const A_PORT = 'must be the name of a port, or a number from 1 to 65535';

/** The name of a port, or its number. */
export const port: z.ZodType<string> = z
  .union([z.number(), z.string()], { error: A_PORT })
  .transform(String)
  .refine((given) => /^[a-z0-9-]*[a-z][a-z0-9-]*$/.test(given) || isPort(given), { error: A_PORT });

function isPort(given: string): boolean {
  return /^\d{1,5}$/.test(given) && Number(given) >= 1 && Number(given) <= 65_535;
}

/** A path in front of that of each request, without a slash at its end. */
export const pathPrefix: z.ZodType<string> = text
  .refine((path) => /^(?:\/[^\s?#]*)?$/.test(path), { error: 'must be a path such as /prometheus' })
  .transform((path) => path.replace(/\/+$/, ''));

const WEB_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~!$&'()*+,;=:@]+)*$/;
const A_WEB_PATH = 'must be a path such as /prometheus, without escapes, spaces and dots between slashes';

/** The path of this server, which people also write without the slash in front. `/` is none. */
export const webPath: z.ZodType<string> = text
  .transform((given) => `/${given}`.replaceAll(/\/+/g, '/').replace(/\/$/, ''))
  .refine((path) => WEB_PATH.test(path), { error: A_WEB_PATH });

/** Where clients reach this server. Prometheus takes a path alone, too. */
export const externalUrl: z.ZodType<string> = text.superRefine((url, context) => {
  const problem = /^(?:https?:\/\/[^\s/]|\/[^\s/])/.test(url)
    ? addressProblem(url)
    : 'is no URL of a server; write for example https://metrics.example/prometheus';
  if (problem !== undefined) context.addIssue(`${withoutSecrets(url)} ${problem}`);
  else if (!WEB_PATH.test(new URL(url, 'http://any').pathname.replace(/\/+$/, '')))
    context.addIssue(`its path ${A_WEB_PATH}`);
});

/** The name of a header of HTTP. */
export const headerName: z.ZodType<string> = text.refine((name) => HTTP_NAME.test(name), {
  error: 'must be the name of a header, such as X-Forwarded-Prefix',
});

/** The name of a host without a port, as the header Host has it. */
export const hostName: z.ZodType<string> = text
  .refine((name) => /^[\w.-]+$/.test(name), {
    error: 'must be the name of a host, such as metrics.example, without a port',
  })
  .transform((name) => name.toLowerCase());

/** The address of an endpoint, or a name to look up; what only a lookup can tell is left to it. */
export const endpointAddress: z.ZodType<string> = z
  .string({
    error: ({ input }) =>
      `${input === undefined ? 'is required' : 'must be a string'}; write an address such as http://prometheus-a:9090`,
  })
  .regex(/^\S+$/, { error: 'must be an address such as http://prometheus-a:9090, without spaces' })
  .superRefine((address, context) => {
    const problem = addressProblem(address);
    if (problem !== undefined) context.addIssue(`${withoutSecrets(address)} ${problem}`);
  });
