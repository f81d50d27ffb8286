import { readFileSync } from 'node:fs';

/**
 * A chunk that an appender of Prometheus 3.14 (package tsdb/chunkenc) wrote, and what its iterator reads from it, laid out
 * as `sampleWords` does.
 */
export interface ChunkFixture {
  readonly name: string;
  readonly encoding: number;
  readonly data: string;
  readonly samples: number;
  readonly words: string;
}

export const CHUNK_FIXTURES: readonly ChunkFixture[] = JSON.parse(
  readFileSync(new URL('../wire/fixtures/chunks.json', import.meta.url), 'utf8'),
) as readonly ChunkFixture[];
