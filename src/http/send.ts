import { pipeline, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  compressAll,
  createCompressor,
  negotiateEncoding,
  type ContentEncoding,
} from './content-encoding.ts';
import { limitedAnswer } from '../gateway/limits/response-limit.ts';
import type { Budget } from '../model/budget.ts';
import { limitOf, UNLIMITED } from '../model/caller-limits.ts';
import { ChunkMemory } from './chunk-memory.ts';
import { toChunks, type Pause, type Piece } from './chunks.ts';
import { entityTag, isKnown } from './entity-tag.ts';
import { aboutRequest } from './identify.ts';
import { turnFor } from '../model/pacer.ts';
import type { TurnTaker } from '../model/turn-taker.ts';
import { isTurnUsedUp } from '../model/turns.ts';
import { admissionOf, budgetOf, turnTakerOf } from './caller.ts';

/** Smaller bodies fit into a packet anyway. */
const SMALLEST_TO_COMPRESS = 1024;

/**
 * An answer that may have no more bytes than these is made to its end before it begins: then one that turns out to be too large is refused
 * with a status, and not broken off. Larger ones would take much memory for long where clients read slowly.
 */
const MOST_HELD = 8 * 1024 * 1024;

/** What is compressed already is not compressed again. */
type BodyForm = 'plain' | 'compressed';

/** How a body is sent. */
interface SendOptions {
  /** `plain` where it is left out. */
  readonly form?: BodyForm;
  /** Whether clients ask for the same again and again, mostly without a change. Then what fits into one chunk has a tag. */
  readonly isTagged?: boolean;
}

const NOTHING = new Uint8Array(0);

/**
 * Sends text piece by piece. What fits into one chunk goes out with its length. More is streamed: it is encoded only as
 * fast as the client reads, with a turn of the event loop between chunks, and waits where a piece takes long to make. This throws if encoding fails before the first
 * chunk is out. After that the connection is destroyed, so that no client takes a part for the whole. What is beyond the limit of its
 * caller fails like that, too; where that limit is small, always before.
 */
export async function sendPieces(
  request: FastifyRequest,
  reply: FastifyReply,
  pieces: Iterable<Piece | Pause>,
  { form = 'plain', isTagged = false }: SendOptions = {},
): Promise<FastifyReply> {
  const { limits = UNLIMITED } = admissionOf(request) ?? {};
  const caller = turnTakerOf(request);
  const most = limitOf(limits, 'max_response_bytes');
  const memory = new ChunkMemory();
  const all = toChunks(pieces, memory);
  const chunks = most === Infinity ? all : limitedAnswer(limits, all);
  // Answers that are ready at the same time begin one after the other.
  if (isTurnUsedUp()) await turnFor({ caller });
  const first = (await nextOf(chunks)) ?? NOTHING;
  if (isTurnUsedUp()) await turnFor({ caller });
  const second = await nextOf(chunks);
  const encoding = negotiated(request, reply, form);
  if (second === undefined) {
    if (isTagged && request.method !== 'POST') {
      const tag = entityTag(first);
      reply.header('ETag', tag);
      if (isKnown(request.headers['if-none-match'], tag))
        return reply.removeHeader('Content-Type').code(304).send();
    }
    if (encoding === undefined || first.length < SMALLEST_TO_COMPRESS) return reply.send(first);
    const body = await compressAll(first, encoding);
    return reply.header('Content-Encoding', encoding).send(body);
  }
  if (request.method === 'HEAD') {
    chunks.return(undefined);
    // Its length would have to be made.
    return reply.send(Readable.from([]));
  }
  const budget = budgetOf(request);
  const begin = [first, second];
  if (most <= MOST_HELD && budget !== undefined) await holdRest(begin, chunks, budget, caller);
  const breaksOff = (err: unknown): void => {
    request.log.error(
      { ...aboutRequest(request), err },
      'the answer broke off, and its connection was destroyed',
    );
  };
  const body = Readable.from(inTurns(caller, begin, chunks, memory, breaksOff), {
    objectMode: false,
  });
  const compressor = encoding === undefined ? undefined : createCompressor(encoding);
  // A chunk is in one of both from the time when the next one is asked for until it was written, or compressed.
  const next = compressor ?? reply.raw;
  memory.reuse(() => body.readableLength + next.writableLength);
  if (compressor === undefined) return reply.send(body);
  reply.header('Content-Encoding', encoding);
  // A failure of either side destroys the other. The reply notices it at the compressor.
  return reply.send(pipeline(body, compressor, () => undefined));
}

/** The next chunk; undefined at the end. */
async function nextOf(chunks: Iterator<Uint8Array | Pause>): Promise<Uint8Array | undefined> {
  for (;;) {
    const next = chunks.next();
    if (next.done === true) return undefined;
    if (!(next.value instanceof Promise)) return next.value;
    await next.value;
  }
}

/** Makes an answer to its end. What is held until it was sent counts against the budget of its request. */
async function holdRest(
  begin: Uint8Array[],
  rest: Iterator<Uint8Array | Pause>,
  budget: Budget,
  caller: TurnTaker,
): Promise<void> {
  for (let chunk = await nextOf(rest); chunk !== undefined; chunk = await nextOf(rest)) {
    budget.take(chunk.length);
    begin.push(chunk);
    if (isTurnUsedUp()) await turnFor({ caller });
  }
}

function negotiated(
  request: FastifyRequest,
  reply: FastifyReply,
  form: BodyForm,
): ContentEncoding | undefined {
  if (form === 'compressed') return undefined;
  appendVary(reply, 'Accept-Encoding');
  return negotiateEncoding(request.headers['accept-encoding']);
}

async function* inTurns(
  caller: TurnTaker,
  begin: readonly Uint8Array[],
  rest: Iterable<Uint8Array | Pause>,
  memory: Pick<ChunkMemory, 'handOut'>,
  breaksOff: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  for (const chunk of begin) {
    memory.handOut(chunk);
    yield chunk;
  }
  try {
    for (const chunk of rest) {
      if (chunk instanceof Promise) await chunk;
      else {
        memory.handOut(chunk);
        yield chunk;
      }
      if (isTurnUsedUp()) await turnFor({ caller });
    }
  } catch (error) {
    breaksOff(error);
    throw error;
  }
}

/** Adds to what decides about the answers of a URL, for caches. */
export function appendVary(reply: FastifyReply, field: string): void {
  const fields = String(reply.getHeader('Vary') ?? '').split(', ');
  if (!fields.includes(field))
    reply.header('Vary', [...fields.filter((one) => one !== ''), field].join(', '));
}
