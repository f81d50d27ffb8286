import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { QueryConfig } from '../config/config.ts';

/** What the process has; bytes. */
export interface Machine {
  /** The limit of the container that it runs in, or the memory of the machine. */
  readonly memory: number;
  /** What V8 lets its heap grow to. */
  readonly heap: number;
}

/** Bytes; 0 where there is no limit. */
export interface MemoryLimits {
  readonly ofProcess: number;
  readonly ofQuery: number;
}

/**
 * Of what the process has, requests may hold this share. The rest is for the program, garbage, and what answers become.
 * Series lie outside of the heap, lists in it, and are counted as the objects that they become.
 */
const SHARE_OF_MEMORY = 0.5;
const SHARE_OF_HEAP = 0.8;

/** Beside what requests may hold, this share of it is for the labels of series that came before. */
const SHARE_OF_LABELS = 0.1;
/** More than this, bytes, is not worth it: a selection of very many series is rarely asked for twice, and would stay for good. */
const MOST_FOR_LABELS = 64 * 1024 ** 2;

/** Of what all requests may hold, one may hold this share, so that the others go on beside the largest one. */
const SHARE_OF_QUERY = 0.5;

/** Reads the limits of this process. Node looks into the control groups, v1 and v2. */
export function thisMachine(): Machine {
  const container = process.constrainedMemory();
  const total = totalmem();
  return {
    // Without a limit it is 0, or larger than any memory.
    memory: container > 0 && container < total ? container : total,
    heap: getHeapStatistics().heap_size_limit,
  };
}

/** What is configured, else shares of what the process has. Whichever is smaller counts: that of the memory or of the heap. */
export function memoryLimits(
  {
    max_memory: process,
    max_memory_per_query: query,
  }: Pick<QueryConfig, 'max_memory' | 'max_memory_per_query'>,
  { memory, heap }: Machine,
): MemoryLimits {
  const ofProcess = process ?? usualLimit({ memory, heap });
  return { ofProcess, ofQuery: query ?? Math.floor(ofProcess * SHARE_OF_QUERY) };
}

/** What the labels of series may take that are kept from answer to answer; bytes. Bounded even where requests are not. */
export function labelMemoryLimit({ ofProcess }: MemoryLimits, machine: Machine): number {
  const share = (ofProcess > 0 ? ofProcess : usualLimit(machine)) * SHARE_OF_LABELS;
  return Math.min(Math.floor(share), MOST_FOR_LABELS);
}

function usualLimit({ memory, heap }: Machine): number {
  return Math.floor(Math.min(memory * SHARE_OF_MEMORY, heap * SHARE_OF_HEAP));
}
