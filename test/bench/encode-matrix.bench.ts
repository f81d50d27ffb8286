import { toChunks } from '../../src/http/chunks.ts';
import { encodeValue } from '../../src/http/routes/query/encode-value.ts';
import type { MatrixSeries } from '../../src/engine/answer.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';

const SERIES = 500;
const STEPS = 400;
const ROUNDS = 10;

/** Pseudo-random numbers in [0, 1), the same in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function matrixOf(value: () => number): readonly MatrixSeries[] {
  return Array.from({ length: SERIES }, (_, i) => {
    const columns = new SampleBuffer(STEPS);
    for (let step = 0; step < STEPS; step++) columns.push(1_795_348_800_000 + step * 15_000, value());
    return { labels: labelsFromRecord({ __name__: 'demo', job: 'demo', series: String(i) }), columns };
  });
}

/** Encodes a range answer of 200,000 samples: whole numbers, cents, and numbers with all their digits. */
export async function run(): Promise<void> {
  const random = uniform(314);
  const kinds = {
    'whole numbers': () => Math.floor(random() * 1e7),
    cents: () => Math.round(random() * 1e5) / 100,
    'all digits': () => random() * 1e3,
  };
  for (const [kind, value] of Object.entries(kinds)) {
    const series = matrixOf(value);
    const encode = (): number => {
      let bytes = 0;
      for (const chunk of toChunks(encodeValue({ kind: 'matrix', series }))) bytes += chunk.length;
      return bytes;
    };
    for (let i = 0; i < ROUNDS; i++) encode();
    const started = performance.now();
    let bytes = 0;
    for (let i = 0; i < ROUNDS; i++) bytes = encode();
    const ms = (performance.now() - started) / ROUNDS;
    const rate = (SERIES * STEPS) / ms / 1000;
    console.log(`${kind}: ${ms.toFixed(1)} ms for ${bytes} bytes, ${rate.toFixed(1)} M samples/s`);
  }
}
