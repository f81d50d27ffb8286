import { availableParallelism } from 'node:os';
import type { QueryConfig } from '../config/config.ts';

/**
 * How many threads evaluate large queries: what is configured, else one for each core that the process may use, which Node
 * learns from the control groups too. A single core has nothing to share.
 */
export function threadsOf(
  { threads }: Pick<QueryConfig, 'threads'>,
  cores: number = availableParallelism(),
): number {
  return threads ?? (cores === 1 ? 0 : cores);
}
