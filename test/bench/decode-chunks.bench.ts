import type { EncodedChunk } from '../../src/model/chunk.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { decodeXorBitByBit } from '../support/decode-xor-bit-by-bit.ts';

const CHUNKS = 1000;
const SAMPLES_PER_CHUNK = 120;
const SAMPLES = CHUNKS * SAMPLES_PER_CHUNK;
const ROUNDS = 20;

/** Series as they are scraped: every 15 s, one scrape in eight a millisecond late. */
const SERIES: Readonly<Record<string, (random: () => number) => (i: number) => number>> = {
  counters: (random) => {
    let total = 0;
    return () => (total += Math.floor(random() * 50));
  },
  gauges: (random) => () => random() * 100,
  constants: () => () => 1,
};

const DECODERS: Readonly<Record<string, (chunk: EncodedChunk, target: SampleBuffer) => void>> = {
  wasm: (chunk, target) => decodeChunk(chunk, target, -Infinity, Infinity),
  'bit by bit': ({ data }, target) => decodeXorBitByBit(data, target, -Infinity, Infinity),
};

/** Decodes XOR chunks into a sample buffer, the best of some rounds; prints a table. */
export async function run(): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const [series, make] of Object.entries(SERIES)) {
    const chunks = chunksOf(make(seeded()));
    const bytes = chunks.reduce((sum, { data }) => sum + data.length, 0);
    for (const [decoder, decode] of Object.entries(DECODERS)) {
      const ms = bestOf(chunks, decode);
      rows[`${series}, ${decoder}`] = {
        'M samples/s': round(SAMPLES / ms / 1000),
        'ns/sample': round((ms * 1e6) / SAMPLES),
        'bytes/sample': round(bytes / SAMPLES),
      };
    }
  }
  console.table(rows);
}

function chunksOf(value: (i: number) => number): EncodedChunk[] {
  const t = Float64Array.from(
    { length: SAMPLES },
    (_, i) => 1_795_348_800_000 + i * 15_000 + (i % 8 === 0 ? 1 : 0),
  );
  const v = Float64Array.from(t, (_, i) => value(i));
  return encodeColumns({ length: SAMPLES, t, v, h: undefined, st: undefined }, SAMPLES_PER_CHUNK);
}

function bestOf(
  chunks: readonly EncodedChunk[],
  decode: (chunk: EncodedChunk, target: SampleBuffer) => void,
): number {
  const target = new SampleBuffer(SAMPLES);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    target.clear();
    const start = performance.now();
    for (const chunk of chunks) decode(chunk, target);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** A linear congruential generator: the same series in every run. */
function seeded(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
