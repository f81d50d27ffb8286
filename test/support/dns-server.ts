import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Answers by name and type: data of records, or a code such as 3 for a name that does not exist, or none at all. */
export type DnsZone = Readonly<Record<string, readonly DnsRecord[] | number | 'silent'>>;

export type DnsRecord =
  | { readonly type: 'A'; readonly ttl: number; readonly address: string }
  | { readonly type: 'SRV'; readonly ttl: number; readonly port: number; readonly target: string };

const TYPES = { A: 1, SRV: 33 };

/** A DNS server on a UDP port of 127.0.0.1 that knows a few names (RFC 1035, RFC 2782). */
export async function startDnsServer(
  zone: DnsZone,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const answer = answerOf(query, zone);
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function answerOf(query: Buffer, zone: DnsZone): Buffer | undefined {
  const { name, end } = readName(query);
  const type = query.readUInt16BE(end);
  const known = zone[name] ?? 3;
  if (known === 'silent') return undefined;
  const records = typeof known === 'number' ? [] : known.filter((record) => TYPES[record.type] === type);
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (typeof known === 'number' ? known : 0), 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(12, end + 4), ...records.map(recordOf)]);
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** The name is a pointer to that of the question. */
function recordOf(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const head = Buffer.from([0xc0, 12, 0, TYPES[record.type], 0, 1, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(record.ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(record: DnsRecord): Buffer {
  if (record.type === 'A') return Buffer.from(record.address.split('.').map(Number));
  const labels = record.target.split('.').map((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.from([0, 0, 0, 0, record.port >> 8, record.port & 255, ...labels.flat(), 0]);
}
