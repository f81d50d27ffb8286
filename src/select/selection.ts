import type { LookupRequest } from '../backend/backend.ts';
import type { ClusterStatus, Endpoint, Topology } from '../cluster/topology.ts';
import type { BreakerStatus } from '../cluster/vitals/breaker-status.ts';
import type { SelectRequest, SeriesSource } from '../engine/series-source.ts';
import type { NotedItems, NotedList } from '../model/annotations.ts';
import type { Labels } from '../model/labels.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { CoverageReport } from './coverage/report-coverage.ts';
import type { ExplainLimits, SelectExplanation } from './explaining/explanation.ts';
import type { MergedLists } from './lists/merged-lists.ts';
import type { ChunkSet } from './series/chunk-set.ts';
import type { FetchRequest } from './series/fetch.ts';

/** All shards and replicas as one server. External labels are part of all labels; those that are merged here are not. */
export interface Selection {
  source(scope: RequestScope): SeriesSource;
  /** Series as compressed chunks. */
  chunks(scope: RequestScope, request: FetchRequest): Promise<ChunkSet>;
  /** Selects as a query would and says where the samples came from; endpoints that fail are a part of the answer. */
  explain(scope: RequestScope, request: SelectRequest, limits: ExplainLimits): Promise<SelectExplanation>;
  series(scope: RequestScope, request: LookupRequest): Promise<NotedItems<Labels>>;
  labelNames(scope: RequestScope, request: LookupRequest): Promise<NotedList<string>>;
  labelValues(scope: RequestScope, label: string, request: LookupRequest): Promise<NotedItems<string>>;
  /** Rules, targets, metadata and exemplars. */
  readonly lists: MergedLists;
  /** Which replica was there when. */
  coverage(scope: RequestScope, range: TimeRange | undefined): Promise<CoverageReport>;
  /** The endpoints as they are known now. */
  topology(): Topology;
  /** How they fare. */
  status(): ClusterStatus;
  /** How the breaker of one of them stands. */
  breaker(endpoint: Endpoint): BreakerStatus;
}
