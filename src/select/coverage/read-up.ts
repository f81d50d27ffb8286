import type { Answered } from '../../backend/answered.ts';
import type { RawSeriesSet } from '../../backend/backend.ts';
import { canceled } from '../../backend/endpoint-error.ts';
import { boundedCall } from '../../cluster/bounded-call.ts';
import type { ReadUp } from '../../cluster/coverage/scrape-reads.ts';
import type { PieceBuilder } from '../../cluster/coverage/piece-builder.ts';
import { NO_TARGET } from '../../cluster/coverage/target-table.ts';
import { MOST_TARGETS } from '../../cluster/probe.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Lateness } from '../../model/lateness.ts';
import { ChunkEncoding, type EncodedChunk } from '../../model/chunk.ts';
import { EMPTY_LABELS, METRIC_NAME } from '../../model/labels.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RawData } from '../../model/raw-data.ts';
import { ownCall, withSignal } from '../../model/request-scope.ts';
import { failed, success } from '../../model/result.ts';
import { SampleBuffer } from '../../model/sample-columns.ts';
import type { Timers } from '../../model/timers.ts';
import { constantSamples, readConstantXor } from '../../wire/chunk/constant-xor.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';

/** So many samples of one read are looked at: twice as many as 20,000 targets have that are scraped each 15 s. */
const MOST_SAMPLES = 80_000_000;
/** An answer with more series is not read to its end: some come in several pieces, but an answer without end has to end. */
const MOST_SERIES = 2 * MOST_TARGETS;
/** How many series pass between two looks at the clock. */
const LOOK_EVERY = 16;

/**
 * Reads raw `up` for the coverage index. An answer that is cut, or that cannot be decoded, counts for nothing: what is missing in it
 * would look like a hole.
 */
export function createReadUp(timers: Timers, lateness: Lateness): ReadUp {
  return async (endpoint, { range, builders }, targets, signal) =>
    ownCall(
      signal,
      async (scope) => {
        const { address, backend, timeoutMs, externalLabels = EMPTY_LABELS } = endpoint;
        const { minTime, maxTime } = range;
        const request = {
          matchers: [{ kind: '=', name: METRIC_NAME, value: 'up' }],
          minTime,
          maxTime,
          hints: { range: 0, func: '' },
        } as const;
        const answer = await boundedCall(
          { address, timeoutMs, leftMs: Infinity, timers, lateness },
          signal,
          (inner, reading) => backend.select({ ...withSignal(scope, inner), reading }, request),
        );
        if (!answer.ok) return answer;
        const { series, annotations } = answer.value;
        if (annotations.some(({ kind }) => kind !== 'remark'))
          return failed({
            kind: 'bad_data',
            endpoint: address,
            reason: 'its answer lacks some of its targets',
          });
        if (series.length > MOST_TARGETS)
          return failed({
            kind: 'too_large',
            endpoint: address,
            reason: `it has more than ${MOST_TARGETS} targets`,
          });
        const numberOf = targets.numberer(series, externalLabels);
        return takeSeries(endpoint, answer.value, numberOf, builders, signal);
      },
      MOST_SERIES,
    );
}

async function takeSeries(
  { address }: Endpoint,
  { series }: RawSeriesSet,
  numberOf: (index: number) => number,
  builders: readonly PieceBuilder[],
  signal: AbortSignal,
): Answered<number> {
  const pacer = new Pacer({ signal }, () => signal.reason);
  const reader = new UpReader(builders);
  /** By target, where it has several series: several blocks, or replicas that write to one server. */
  const several = new Map<number, number[]>();
  const targets = new Int32Array(series.length);
  const seen = new Set<number>();
  try {
    for (let index = 0; index < series.length; index++) {
      if (index % LOOK_EVERY === 0 && pacer.due()) await pacer.breathe();
      const target = numberOf(index);
      targets[index] = target;
      if (target === NO_TARGET) continue;
      if (!seen.has(target)) seen.add(target);
      else several.set(target, []);
    }
    if (several.size > 0) for (const [index, target] of targets.entries()) several.get(target)?.push(index);
    for (let index = 0; index < series.length; index++) {
      if (index % LOOK_EVERY === 0 && pacer.due()) await pacer.breathe();
      const target = targets[index]!;
      if (target === NO_TARGET) continue;
      const indices = several.get(target);
      if (indices !== undefined && indices[0] !== index) continue;
      const problem = reader.take(
        target,
        indices === undefined ? series.data(index) : indices.flatMap((each) => series.data(each)),
      );
      if (problem !== undefined) return failed({ ...problem, endpoint: address });
    }
  } catch (thrown) {
    if (signal.aborted) return failed(canceled(address));
    throw thrown;
  }
  return success(reader.earliest);
}

interface ReadProblem {
  readonly kind: 'bad_data' | 'too_large';
  readonly reason: string;
}

/** Takes the samples of one target after the other. */
class UpReader {
  readonly #builders: readonly PieceBuilder[];
  readonly #from: number;
  readonly #to: number;
  readonly #samples = new SampleBuffer();
  readonly #scratch = new ReadScratch();
  readonly #constant = constantSamples();
  #samplesRead = 0;
  /** The time of the earliest sample so far, ms since the epoch. */
  earliest = Infinity;

  constructor(builders: readonly PieceBuilder[]) {
    this.#builders = builders;
    this.#from = builders[0]?.start ?? 0;
    this.#to = builders.at(-1)?.end ?? 0;
  }

  /** What is wrong with the samples; undefined where nothing is. */
  take(target: number, pieces: readonly RawData[]): ReadProblem | undefined {
    const [only] = pieces;
    if (pieces.length === 1 && only?.kind === 'chunks' && areApart(only.chunks)) {
      for (const chunk of only.chunks) {
        const problem = this.#takeChunk(target, chunk);
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
    return this.#decode(target, pieces);
  }

  #takeChunk(target: number, chunk: EncodedChunk): ReadProblem | undefined {
    this.earliest = Math.min(this.earliest, chunk.minTime);
    if (chunk.maxTime < this.#from || chunk.minTime >= this.#to) return undefined;
    if (chunk.encoding !== ChunkEncoding.xor || !readConstantXor(chunk.data, this.#constant))
      return this.#decode(target, [{ kind: 'chunks', chunks: [chunk] }]);
    for (const builder of this.#builders) builder.addConstant(target, this.#constant);
    return this.#count(this.#constant.count);
  }

  #decode(target: number, pieces: readonly RawData[]): ReadProblem | undefined {
    const range = { minTime: this.#from, maxTime: this.#to - 1 };
    const reason = tryReadReplica(pieces, range, this.#samples, this.#scratch);
    if (reason !== undefined)
      return { kind: 'bad_data', reason: `samples of its \`up\` cannot be decoded: ${reason}` };
    if (this.#samples.length > 0) this.earliest = Math.min(this.earliest, this.#samples.t[0]!);
    for (const builder of this.#builders) builder.add(target, this.#samples);
    return this.#count(this.#samples.length);
  }

  #count(samples: number): ReadProblem | undefined {
    this.#samplesRead += samples;
    if (this.#samplesRead <= MOST_SAMPLES) return undefined;
    return { kind: 'too_large', reason: `its targets have more than ${MOST_SAMPLES} samples in one read` };
  }
}

/** Whether the chunks follow one another, so that each can be read for itself. */
function areApart(chunks: readonly EncodedChunk[]): boolean {
  for (let i = 1; i < chunks.length; i++) if (chunks[i]!.minTime <= chunks[i - 1]!.maxTime) return false;
  return true;
}
