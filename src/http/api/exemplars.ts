import type { LabelsJson } from './envelope.ts';

/** One series of what `/api/v1/query_exemplars` answers with. */
export type ExemplarSeriesJson = {
  readonly seriesLabels: LabelsJson;
  readonly exemplars: readonly ExemplarJson[];
};

/** Times are seconds since the epoch, values are texts. */
export type ExemplarJson = {
  readonly labels: LabelsJson;
  readonly value: string;
  readonly timestamp: number;
};
