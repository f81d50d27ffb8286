import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { nextMessage } from './support.ts';

export interface SlowReaders {
  readonly url: string;
  readonly grpcAddress: string;
  readonly path: string;
  readonly http: number;
  readonly grpc: number;
  /** A `Series` request, as base64. */
  readonly series: string;
}

/**
 * Clients that take a byte a second of their answers, and begin anew where they are cut off: `slow-readers-process.ts READERS`.
 * Starts with the message `go`, ends with the message `stop`, and says how often they were cut off.
 */
const { url, grpcAddress, path, http, grpc, series } = JSON.parse(process.argv[2]!) as SlowReaders;
const NICE = 10;
setPriority(NICE);
const SIP_MS = 1000;
/** Those that gRPC refuses try again after so long, ms, not all at the same time: its clients choose their times by chance. */
const SOONEST_MS = 3000;
const LATEST_MS = 8000;
const PAUSES = 100;

let pauses = 0;

let isOver = false;
const ends: Record<string, number> = {};
const sips = new Set<() => void>();

process.once('disconnect', () => process.exit());
process.send!({ url });
await nextMessage();
for (let i = 0; i < http; i++) readHttp();
for (let i = 0; i < grpc; i++) readGrpc();
const sipping = setInterval(() => {
  for (const sip of sips) sip();
}, SIP_MS);
await nextMessage();
isOver = true;
clearInterval(sipping);
process.send!(ends, () => process.exit());

function again(why: string, begin: () => void, afterMs = nextPause()): void {
  ends[why] = (ends[why] ?? 0) + 1;
  if (!isOver) setTimeout(begin, afterMs);
}

function nextPause(): number {
  pauses = (pauses + 1) % PAUSES;
  return SOONEST_MS + (pauses / PAUSES) * (LATEST_MS - SOONEST_MS);
}

function readHttp(): void {
  const { hostname, port } = new URL(url);
  let first = '';
  let retryAfter: string | undefined;
  const socket: Socket = connect({ host: hostname, port: Number(port), onread: undefined });
  socket.on('error', () => undefined);
  socket.once('connect', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`));
  socket.pause();
  const sip = (): void => {
    const byte = socket.read(1) as Buffer | null;
    if (byte !== null && first.length < 'HTTP/1.1 200'.length) first += byte.toString('latin1');
  };
  const status = (): void => {
    const head = socket.read('HTTP/1.1 200'.length) as Buffer | null;
    if (head === null) return;
    first = head.toString('latin1');
    socket.off('readable', status);
    if (first.endsWith('200')) return;
    const rest = (socket.read() as Buffer | null)?.toString('latin1') ?? '';
    retryAfter = /^retry-after: (\d+)/im.exec(rest)?.[1];
    socket.destroy();
  };
  socket.on('readable', status);
  sips.add(sip);
  const over = (): void => {
    sips.delete(sip);
    const why = `HTTP ${first.slice('HTTP/1.1 '.length) || 'no answer'}`;
    again(why, readHttp, retryAfter === undefined ? undefined : Number(retryAfter) * 1000);
  };
  socket.once('close', over);
}

function readGrpc(): void {
  const session = connectHttp2(`http://${grpcAddress}`);
  let isOpen = false;
  session.on('error', () => undefined);
  const over = (): void => {
    sips.delete(sip);
    again(isOpen ? 'gRPC ended' : 'gRPC refused', readGrpc);
  };
  session.once('close', over);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/thanos.Store/Series',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => undefined);
  stream.once('response', () => (isOpen = true));
  stream.once('close', () => session.destroy());
  stream.pause();
  const sip = (): void => void stream.read(1);
  sips.add(sip);
  const message = Buffer.from(series, 'base64');
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([head, message]));
}
