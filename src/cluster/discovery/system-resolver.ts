import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { messageOf } from '../../model/errors.ts';
import { failed, type Result, success } from '../../model/result.ts';
import type { AddressRecord, DnsResolver } from './resolver.ts';

/** Answers that say: there is no such record. */
const NOT_THERE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'NOTFOUND', 'NODATA']);

/** A lookup that is not answered is tried twice; discovery comes back to it anyway. */
const LIMITS = { timeout: 2000, tries: 2 };

/**
 * Asks DNS servers for records and their TTL; for addresses then the operating system too, which knows the hosts file
 * and search domains. With `servers` (`127.0.0.1:5353`), those alone are asked.
 */
export function createSystemResolver(servers?: readonly string[]): DnsResolver {
  const run = async <T>(signal: AbortSignal, ask: (resolver: Resolver) => Promise<T>): Promise<T> => {
    const resolver = new Resolver(LIMITS);
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await ask(resolver);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
  return {
    addresses: async (host, family, signal) => {
      const literal = isIP(host);
      if (literal !== 0) return success(literal === family ? [{ address: host, ttl: undefined }] : []);
      const asked = await outcome(
        run(signal, (resolver) =>
          family === 4 ? resolver.resolve4(host, { ttl: true }) : resolver.resolve6(host, { ttl: true }),
        ),
      );
      if (servers !== undefined || signal.aborted || (asked.ok && asked.value.length > 0)) return asked;
      const known = await outcome(lookup(host, { family, all: true }));
      if (!known.ok || known.value.length === 0) return asked;
      return success(known.value.map(({ address }): AddressRecord => ({ address, ttl: undefined })));
    },
    services: (name, signal) =>
      outcome(
        run(signal, async (resolver) =>
          (await resolver.resolveSrv(name)).map((record) => ({ host: record.name, port: record.port })),
        ),
      ),
  };
}

async function outcome<T>(lookup: Promise<readonly T[]>): Promise<Result<readonly T[], string>> {
  try {
    return success(await lookup);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return NOT_THERE.has(code ?? '') ? success([]) : failed(messageOf(thrown));
  }
}
