import type { DedupMode } from '../model/dedup-mode.ts';
import type { SelectionOptions } from '../select/selection.ts';
import { type MaxResolution, resolutionOf } from './resolution.ts';

/** What a request may ask for; what it leaves open is the server's choice. */
export interface RequestOptions {
  readonly dedup?: boolean | undefined;
  readonly dedupMode?: DedupMode | undefined;
  /** Replaces the server's replica labels; an empty list does not. */
  readonly replicaLabels?: readonly string[] | undefined;
  readonly partialResponse?: boolean | undefined;
  /** The asker makes the replicas that it wants to see one itself, by their replica labels. Undefined means false. */
  readonly mergesReplicas?: boolean | undefined;
  /** Of data that a store may answer with instead of raw samples. */
  readonly maxSourceResolution?: MaxResolution | undefined;
}

/** What the server does where a request leaves it open. */
export interface ServerDefaults extends Omit<SelectionOptions, 'maxSourceResolution' | 'mergedAbove'> {
  /** Takes requests that name no resolution for such that say `auto`. Undefined means false. */
  readonly autoDownsampling?: boolean | undefined;
}

/** @param stepMs of a range query. */
export function selectionOptions(
  request: RequestOptions,
  server: ServerDefaults,
  stepMs = 0,
): SelectionOptions {
  const { dedup, dedupMode, replicaLabels, partialResponse, mergesReplicas } = request;
  const wanted = request.maxSourceResolution ?? (server.autoDownsampling ? 'auto' : undefined);
  const resolution = resolutionOf(wanted, stepMs);
  const labels = replicaLabels?.length ? replicaLabels : server.replicaLabels;
  return {
    dedup: dedup ?? server.dedup,
    dedupMode: dedupMode ?? server.dedupMode,
    replicaLabels: labels,
    partialResponse: partialResponse ?? server.partialResponse,
    ...(mergesReplicas === true && { mergedAbove: labels }),
    ...(resolution > 0 && { maxSourceResolution: resolution }),
  };
}
