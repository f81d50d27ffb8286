import { readFileSync } from 'node:fs';
import type { DnsRecord, DnsZone } from '../dns-server.ts';
import type { ComposeService } from './compose-file.ts';

const TTL = 5;

/**
 * The SRV records of the zone file that a name server has mounted, with ports of this machine: all of its hosts are here. It reads what the zone
 * files of topologies have: an origin, and a record a line, whose target is the name of a service.
 */
export function readZone(
  { name, mounts }: ComposeService,
  portOf: (target: string, container: number) => number,
): DnsZone {
  const file = mounts.find(({ source }) => source.endsWith('.zone'));
  if (file === undefined) throw new Error(`service ${name} has no zone file`);
  const text = readFileSync(file.source, 'utf8');
  const origin = /^\$ORIGIN (?<origin>\S+)\.$/m.exec(text)?.groups?.['origin'];
  if (origin === undefined) throw new Error(`${file.source} has no origin`);
  const zone: Record<string, DnsRecord[]> = {};
  for (const [, owner, port, target] of text.matchAll(/^(\S+) IN SRV \d+ \d+ (\d+) (\S+)$/gm)) {
    const host = `${target}.${origin}`;
    (zone[`${owner}.${origin}`] ??= []).push({
      type: 'SRV',
      ttl: TTL,
      port: portOf(target!, Number(port)),
      target: host,
    });
    zone[host] = [{ type: 'A', ttl: TTL, address: '127.0.0.1' }];
  }
  return zone;
}
