import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import type { SeriesSource } from '../../../src/engine/series-source.ts';
import { compareLabels, EMPTY_LABELS } from '../../../src/model/labels.ts';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import type { ApiResponse } from '../../recorded/corpus.ts';
import { sourceOf } from '../../support/backend-source.ts';
import { engineText, type Question } from '../../support/differential/answers.ts';
import {
  DATA_START,
  floatSeries,
  histogramSeries,
  type SampleSeries,
} from '../../support/differential/sample-series.ts';
import { sampleSource } from '../../support/differential/sample-source.ts';

const MINUTE = 60_000;

/** Floats, native histograms and series of both. */
export const MIXED: readonly SampleSeries[] = [...floatSeries(), ...histogramSeries()].sort((a, b) =>
  compareLabels(a.labels, b.labels),
);
export const MIXED_SOURCE: SeriesSource = sampleSource(MIXED);

/** Without names whose removal waits for the end of the query. */
export const FEATURES: ReadonlySet<string> = new Set(
  [...ALL_FEATURES].filter((feature) => feature !== 'promql-delayed-name-removal'),
);

/** Nine steps over the data; they begin at minute `at` of it. */
export function rangeFrom(query: string, at: number): Question {
  const start = DATA_START + at * MINUTE + 3000;
  return { query, start, end: start + 20 * MINUTE, step: 150_000 };
}

export function instantAt(query: string, time: number): Question {
  return { query, start: time, end: time, step: 0 };
}

/** The answer as the text that a client would get. */
export async function textOf(question: Question, source: SeriesSource = MIXED_SOURCE): Promise<string> {
  return engineText(question, source, FEATURES);
}

export async function answerOf(question: Question): Promise<ApiResponse> {
  return JSON.parse(await textOf(question)) as ApiResponse;
}

/** The float series as compressed chunks of so many samples. */
export function chunkedFloats(samplesPerChunk: number): SeriesSource {
  const series = floatSeries().map(({ labels, columns }) => ({
    labels,
    data: { kind: 'chunks' as const, chunks: encodeColumns(columns, samplesPerChunk) },
  }));
  return sourceOf(createMemoryBackend({ address: 'chunks', externalLabels: EMPTY_LABELS, series }));
}

/** An error without the duplicates that it names: of several the first, and sources and sorting order them otherwise. */
export function unnamed(text: string): string {
  return text.replace(/found duplicate series .*?;/, 'found duplicate series;');
}
