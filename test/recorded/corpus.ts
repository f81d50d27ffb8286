import { gunzipSync } from 'node:zlib';
import type { Recording } from '../support/recorded.ts';

/** One call that a real server answered. */
export interface RecordedCase {
  readonly path: 'query' | 'query_range';
  /** Seconds since the epoch; `time` for instant queries, the others for range queries. */
  readonly params: {
    readonly query: string;
    readonly time?: number;
    readonly start?: number;
    readonly end?: number;
    readonly step?: number;
  };
  readonly response: ApiResponse;
}

/** The answer's body as parsed JSON. */
export interface ApiResponse {
  readonly status: 'success' | 'error';
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: readonly ApiSeries[] };
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** A member of a vector or a matrix. */
export interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: ApiSample;
  readonly values?: readonly ApiSample[];
  readonly histogram?: ApiHistogramSample;
  readonly histograms?: readonly ApiHistogramSample[];
}

export type ApiSample = readonly [seconds: number, value: string];
export type ApiHistogramSample = readonly [seconds: number, histogram: ApiHistogram];
export type ApiBucket = readonly [rule: number, lower: string, upper: string, count: string];

export interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly ApiBucket[];
}

const FILES = ['promql-corpus.jsonl.gz', 'promql-corpus-histograms.jsonl.gz'];

/** All recorded expressions with their answers. */
export function readCorpus(recording: Recording): readonly RecordedCase[] {
  return FILES.flatMap((file) =>
    gunzipSync(recording.read(file))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedCase),
  );
}
