import type { AggrChunk } from './aggr-chunk.ts';
import type { EncodedChunk } from './chunk.ts';
import type { Labels } from './labels.ts';
import type { SampleColumns } from './sample-columns.ts';

/** Samples stay as they came: compressed chunks (possibly overlapping, ordered by minTime) or columns. */
export type RawData =
  | { readonly kind: 'chunks'; readonly chunks: readonly EncodedChunk[] }
  | { readonly kind: 'columns'; readonly columns: SampleColumns };

export interface RawSeries {
  readonly labels: Labels;
  readonly data: RawData;
  /** Beside the samples, where aggregates were asked for and there are such data. */
  readonly downsampled?: DownsampledData | undefined;
}

/** Chunks that have aggregates, in no particular order; they may overlap. */
export interface DownsampledData {
  readonly chunks: readonly AggrChunk[];
}
