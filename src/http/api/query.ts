import type { LabelsJson } from './envelope.ts';

/** What `/api/v1/query` and `/api/v1/query_range` answer with. Times are seconds since the epoch, values are texts. */
export type QueryJson = QueryValueJson & { readonly stats?: StatsJson; readonly analysis?: AnalysisJson };

export type QueryValueJson =
  | { readonly resultType: 'matrix'; readonly result: readonly SeriesSamplesJson[] }
  | { readonly resultType: 'vector'; readonly result: readonly SampleJson[] }
  | { readonly resultType: 'scalar' | 'string'; readonly result: PointJson };

export type PointJson = readonly [time: number, value: string];

export type SeriesSamplesJson = {
  readonly metric: LabelsJson;
  readonly values?: readonly PointJson[];
  readonly histograms?: readonly (readonly [time: number, histogram: HistogramJson])[];
};

export type SampleJson = {
  readonly metric: LabelsJson;
  readonly value?: PointJson;
  readonly histogram?: readonly [time: number, histogram: HistogramJson];
};

export type HistogramJson = {
  readonly count: string;
  readonly sum: string;
  /** Which ends are a part of it, as Prometheus numbers that; the ends; how much is in it. */
  readonly buckets?: readonly (readonly [number, string, string, string])[];
};

export type StatsJson = {
  readonly timings: {
    readonly evalTotalTime: number;
    readonly resultSortTime: number;
    readonly queryPreparationTime: number;
    readonly innerEvalTime: number;
    readonly execQueueTime: number;
    readonly execTotalTime: number;
  };
  readonly samples: {
    readonly totalQueryableSamplesPerStep?: readonly (readonly [time: number, samples: number])[] | undefined;
    readonly totalQueryableSamples: number;
    readonly peakSamples: number;
  };
  readonly completeness: {
    /** `patched` where a stand-in has all that a lost endpoint has. */
    readonly state: 'whole' | 'patched' | 'missing';
    /** How many warnings tell what is missing. They come first. */
    readonly warnings: number;
  };
  /** What came from endpoints for this query. Where its answer was kept, or is that of an equal query, all is 0. */
  readonly fetched: {
    /** Of samples, as they came. */
    readonly bytes: number;
    /** Absent for tenants, as all about endpoints is. */
    readonly calls?: number | undefined;
    /** How many were asked. */
    readonly endpoints?: number | undefined;
    /** How many of these answered a call at least. */
    readonly answeredEndpoints?: number | undefined;
  };
  /** Only where results of range queries are kept. */
  readonly resultsCache?:
    | {
        /** How many steps were evaluated before and kept. */
        readonly keptSteps: number;
        /** How many of them came from where several gateways keep results. */
        readonly sharedSteps: number;
      }
    | undefined;
};

/** What a part of a query does, with Thanos' names. */
export type PlanTreeJson = {
  readonly name: string;
  readonly children?: readonly PlanTreeJson[];
};

/** What a part of a query cost, each with all below it. The members are Thanos' (pkg/api/query, `queryTelemetry`); what is 0 is left out. */
export type AnalysisJson = {
  readonly name: string;
  /** As Go writes durations: `1.5ms`. */
  readonly executionTime: string;
  readonly peakSamples?: number | undefined;
  readonly totalSamples?: number | undefined;
  /** Of what is fetched: who was asked for it. */
  readonly fanout?: readonly FanoutJson[] | undefined;
  readonly children?: readonly AnalysisJson[];
};

export type FanoutJson = {
  readonly endpointAddr: string;
  /** Until it had answered. */
  readonly duration: string;
  readonly bytesProcessed?: number | undefined;
  readonly series?: number | undefined;
};
