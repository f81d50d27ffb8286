import type { Annotation } from '../../model/annotations.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Labels } from '../../model/labels.ts';
import type { CoverageExplanation } from '../coverage/explain-coverage.ts';

/** How large an explanation may get. */
export interface ExplainLimits {
  /** Most series to show; all of them count in the figures. */
  readonly series: number;
  /** Most windows to show of each series. */
  readonly windows: number;
}

/** What one select asked, what came back and how replicas became one series. Times in ms since the epoch. */
export interface SelectExplanation {
  /** What was fetched, both inclusive: the request's range and the margin that deduplication needs. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly margin: MarginExplanation;
  /** Which shards would be asked for parts of aggregations, and why others would not; none where nothing is to be computed. */
  readonly pushes: readonly PushExplanation[];
  /** Why a query would fail on this; undefined where it would be answered. */
  readonly refused: string | undefined;
  /** All that is known, whether it was asked or not. */
  readonly shards: readonly ShardExplanation[];
  /** Endpoints that never told their labels, so nobody knows what they hold. */
  readonly unknown: readonly EndpointExplanation[];
  /** The cells that the timelines of all series have. */
  readonly cells: Cells;
  readonly summary: SelectSummary;
  readonly series: readonly SeriesExplanation[];
  readonly seriesNotShown: number;
  readonly annotations: readonly Annotation[];
}

/** How far beyond the request's range was read, so that the choices among replicas do not depend on it. */
export interface MarginExplanation {
  /** On each side, ms; at the ends the parts of windows are left out, and what is still to come. */
  readonly ms: number;
  readonly reason: string;
  /** Series for which it was too small, and which were read again. */
  readonly readAgain: number;
  /** The margin that these were read with, ms. */
  readonly readAgainMs: number;
}

/** Who would compute for a shard. */
export interface PushExplanation {
  /** Labels of the shard as text. */
  readonly shard: string;
  /** The address of the endpoint that would be asked; undefined where none would. */
  readonly endpoint: string | undefined;
  /** Why its samples would be read; undefined where they would not. */
  readonly reason: string | undefined;
  /** The first and the last step of which samples would be read all the same, ms since the epoch; undefined where there are none. */
  readonly readSteps: TimeRange | undefined;
}

export interface ShardExplanation {
  readonly labels: Labels;
  readonly endpoints: readonly EndpointExplanation[];
}

export interface EndpointExplanation {
  readonly address: string;
  /** How the texts of the explanation call it: the values of its replica labels, else its address. */
  readonly replica: string;
  readonly externalLabels: Labels | undefined;
  readonly protocol: string;
  readonly health: 'pending' | 'up' | 'down';
  readonly outcome: EndpointOutcome;
  /** Undefined where it has no replicas, or where nobody reads when it scraped its targets. */
  readonly coverage: CoverageExplanation | undefined;
}

export type EndpointOutcome =
  /** It has nothing that the selector could want. */
  | { readonly kind: 'pruned'; readonly reason: string }
  /** Another replica was read for it. */
  | { readonly kind: 'spared'; readonly reason: string }
  /** `elapsedMs` is undefined where it was known to fail, and not asked. */
  | { readonly kind: 'failed'; readonly reason: string; readonly elapsedMs: number | undefined }
  | {
      readonly kind: 'answered';
      readonly elapsedMs: number;
      readonly bytes: number;
      readonly series: number;
      readonly samples: SampleFigures;
    };

/** Samples of one endpoint. Stale markers count as samples. */
export interface SampleFigures {
  /** All that came, those of the margin included. */
  readonly delivered: number;
  /** Those that lie in the range that the query needs. */
  readonly inRange: number;
  /** Those of them that are left after deduplication. */
  readonly survived: number;
}

/** Figures over all series of a select, those that are not shown included; of the range that the query needs. */
export interface SelectSummary {
  readonly series: number;
  readonly samples: SampleFigures;
  /** How often the series go over from one replica to another, filled holes not counted. */
  readonly switches: number;
  /** Holes in the chosen replica of a window that another one fills. */
  readonly holesFilled: number;
  /** Why windows went to their replica, the most frequent first. */
  readonly reasons: readonly ReasonCount[];
}

export interface ReasonCount {
  /** Without the number of scrapes: `replica a missed scrapes`, `tie`. */
  readonly reason: string;
  readonly windows: number;
}

export interface SeriesExplanation {
  readonly labels: Labels;
  /** Those that have it, and those of the same shard that failed, by name. */
  readonly replicas: readonly ReplicaExplanation[];
  readonly switches: number;
  readonly holesFilled: number;
  /** Ascending; adjacent windows with the same choice and reason are one. None where nothing was to be chosen. */
  readonly windows: readonly WindowExplanation[];
  readonly windowsNotShown: number;
}

export interface ReplicaExplanation {
  readonly replica: string;
  readonly address: string;
  readonly samples: SampleFigures;
  /** One {@link CellState} a cell. */
  readonly timeline: string;
}

export interface WindowExplanation {
  /** ms since the epoch, the end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly replica: string;
  readonly reason: string;
  /** Time in ms that the chosen replica misses; undefined where there was no other to weigh it against. */
  readonly penaltyMs: number | undefined;
  /** How many windows of deduplication this is. */
  readonly windows: number;
}

/** Equal stretches of time: parts of the windows of deduplication, or several. */
export interface Cells {
  /** ms since the epoch. */
  readonly start: number;
  readonly lengthMs: number;
  readonly count: number;
}

/** What a replica does for the answer in one cell of time. */
export const CellState = {
  /** Samples of the answer are its own, and it is what was chosen about then. */
  chosen: 'c',
  /** Samples of the answer are its own, and fill a hole of the chosen one. Each of these is in `holesFilled`. */
  fills: 'f',
  /** It has samples, and none of them is in the answer. */
  idle: 'i',
  /** It has no samples, and misses one at least. */
  hole: '-',
  /** Its endpoint failed, so nobody knows. */
  failed: 'x',
} as const;
