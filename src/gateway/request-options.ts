import type { DedupMode } from '../dedup/dedupe.ts';
import type { SelectionOptions } from '../select/selection.ts';

/** What a request may ask for; what it leaves open is the server's choice. */
export interface RequestOptions {
  readonly dedup?: boolean | undefined;
  readonly dedupMode?: DedupMode | undefined;
  /** Replaces the server's replica labels; an empty list does not. */
  readonly replicaLabels?: readonly string[] | undefined;
  readonly partialResponse?: boolean | undefined;
}

export function selectionOptions(request: RequestOptions, server: SelectionOptions): SelectionOptions {
  const { dedup, dedupMode, replicaLabels, partialResponse } = request;
  return {
    dedup: dedup ?? server.dedup,
    dedupMode: dedupMode ?? server.dedupMode,
    replicaLabels: replicaLabels?.length ? replicaLabels : server.replicaLabels,
    partialResponse: partialResponse ?? server.partialResponse,
  };
}
