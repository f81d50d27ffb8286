import { dedupe } from '../../dedup/dedupe.ts';
import type { Replica } from '../../dedup/replica.ts';
import { leafRows } from '../../engine/leaf/leaf-rows.ts';
import type { LeafRows } from '../../engine/leaf/leaf.ts';
import type { KernelNotes } from '../../engine/kernels/range-kernel.ts';
import { SampleCounts } from '../../engine/sample-counts.ts';
import { StepRow } from '../../engine/step-row.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import { toQueryError } from '../../model/errors.ts';
import type { RawData } from '../../model/raw-data.ts';
import { SampleBuffer } from '../../model/sample-columns.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';
import { dedupOptionsFor } from '../series/dedup-options.ts';
import type { RowAnswer, RowFailure, RowNote, RowTask, UnreadableChunks } from './row-task.ts';

/** Decodes, deduplicates and evaluates the series of a task, as the thread of the request would. Pure. */
export function answerTask(task: RowTask): RowAnswer {
  const steps = task.leaf.grid.count;
  const total = task.nameOf.length;
  const counts = new SampleCounts(steps);
  const notes: RowNote[] = [];
  const unreadable: UnreadableChunks[] = [];
  const rows = leafRows(task.leaf, notesInto(notes), counts);
  const reader = new TaskReader(task, unreadable);
  const lengths = new Uint32Array(total);
  const present = new Uint32Array(total);
  const kinds = new Uint8Array(total * steps);
  const values = new Float64Array(total * steps);
  const row = new StepRow(steps);
  let series = 0;
  let written = 0;
  let failure: RowFailure | undefined;
  for (; series < total; series++) {
    const samples = reader.read(series);
    const found = tryFill(rows, samples, reader.metricName(series), row);
    if (typeof found !== 'number') {
      failure = found;
      break;
    }
    lengths[series] = samples.length;
    present[series] = found;
    if (found === 0) continue;
    kinds.set(row.kind, written * steps);
    values.set(row.v, written * steps);
    written++;
  }
  return {
    lengths: lengths.slice(0, series),
    present: present.slice(0, series),
    kinds: kinds.slice(0, written * steps),
    values: values.slice(0, written * steps),
    counts: counts.perStep,
    notes,
    unreadable,
    failure,
  };
}

function tryFill(
  rows: LeafRows,
  samples: SampleBuffer,
  metricName: string,
  row: StepRow,
): number | RowFailure {
  try {
    return rows.fill(samples, metricName, row);
  } catch (thrown) {
    const { kind, message } = toQueryError(thrown);
    return { kind, message };
  }
}

function notesInto(notes: RowNote[]): KernelNotes {
  return {
    warn: (message) => notes.push({ severity: 'warning', message, count: undefined }),
    info: (message) => notes.push({ severity: 'info', message, count: undefined }),
    warnCounted: (message, count) => notes.push({ severity: 'warning', message, count }),
  };
}

/** Reads the series of a task one after the other; all share the buffers. */
class TaskReader {
  readonly #task: RowTask;
  readonly #unreadable: UnreadableChunks[];
  readonly #scratch = new ReadScratch();
  readonly #samples = new SampleBuffer();
  #replica = 0;
  #chunk = 0;
  #byte = 0;

  constructor(task: RowTask, unreadable: UnreadableChunks[]) {
    this.#task = task;
    this.#unreadable = unreadable;
  }

  metricName(series: number): string {
    return this.#task.metricNames[this.#task.nameOf[series]!]!;
  }

  /** The samples of the next series, which is the one of this number, until the next call. */
  read(series: number): SampleBuffer {
    const { replicaEnds, range, dedup } = this.#task;
    const samples = this.#samples;
    const first = this.#replica;
    const end = replicaEnds[series]!;
    if (end - first === 1) {
      this.#decode(series, 0, samples);
    } else {
      const replicas: Replica[] = [];
      for (let i = 0; i < end - first; i++) {
        const columns = this.#scratch.replica(i);
        // The order of names is that of the numbers: a task lists replicas by name.
        if (this.#decode(series, i, columns)) replicas.push({ name: nameOf(i), columns });
      }
      samples.clear();
      dedupe(replicas, samples, dedupOptionsFor(dedup, { metricName: this.metricName(series), range }));
    }
    return samples;
  }

  #decode(series: number, replica: number, target: SampleBuffer): boolean {
    const pieces: RawData[] = [{ kind: 'chunks', chunks: this.#nextChunks() }];
    const reason = tryReadReplica(pieces, this.#task.range, target, this.#scratch);
    if (reason !== undefined) this.#unreadable.push({ series, replica, reason });
    return reason === undefined;
  }

  #nextChunks(): readonly EncodedChunk[] {
    const { chunkEnds, chunks: columns } = this.#task;
    const { encodings, minTimes, maxTimes, sizes, bytes } = columns;
    const chunks: EncodedChunk[] = [];
    for (const end = chunkEnds[this.#replica++]!; this.#chunk < end; this.#chunk++) {
      const chunk = this.#chunk;
      chunks.push({
        encoding: encodings[chunk]!,
        minTime: minTimes[chunk]!,
        maxTime: maxTimes[chunk]!,
        data: bytes.subarray(this.#byte, (this.#byte += sizes[chunk]!)),
      });
    }
    return chunks;
  }
}

/** Names that sort as the numbers do, which are few. */
function nameOf(replica: number): string {
  return String.fromCharCode(0x100 + replica);
}
