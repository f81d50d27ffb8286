import type { CallLanes } from '../cluster/call-lanes.ts';
import type { CoverageIndex } from '../cluster/coverage/coverage-index.ts';
import type { Vitals } from '../cluster/vitals/vitals.ts';
import type { ClusterStatus, Endpoint, Topology } from '../cluster/topology.ts';
import type { Lateness } from '../model/lateness.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { EndpointCall } from '../model/request-journal.ts';
import type { RequestIds } from '../model/request-ids.ts';
import type { Clock } from '../model/clock.ts';
import type { Pushdown } from './pushdown/pushdown.ts';
import type { ReadOnce } from './read-once/read-once.ts';
import type { GroupMemory } from './reading/group-memory.ts';
import type { RowThreads } from './offload/thread-pool.ts';
import type { Intervals } from './series/known-intervals.ts';
import type { SharedReads } from './series/shared-reads.ts';
import type { Sharers } from './series/sharers.ts';
import type { Timers } from '../model/timers.ts';

/** A call to an endpoint that failed. */
export interface FailedCall {
  readonly endpoint: Endpoint;
  readonly failure: BackendFailure;
  readonly ids: RequestIds;
  /** Whether the endpoint did not answer or broke off; other failures are about the one request. */
  readonly isUnwell: boolean;
}

/** What every selection needs. */
export interface SelectionContext {
  /** The endpoints as they are known now; asked once a call. */
  readonly topology: () => Topology;
  /** How they fare; undefined where nothing is looked for or checked. */
  readonly status?: (() => ClusterStatus) | undefined;
  /** When they scraped their targets; undefined where nobody reads that. */
  readonly coverage?: CoverageIndex | undefined;
  /** For reading one replica of a shard alone where it has all; undefined where all are read. */
  readonly readOnce?: ReadOnce | undefined;
  /** For asking servers for parts of aggregations; undefined where all is computed here. */
  readonly pushdown?: Pushdown | undefined;
  readonly timers: Timers;
  readonly clock: Clock;
  /** How late this process is itself. */
  readonly lateness: Lateness;
  /** Where calls to an endpoint wait for their turn. */
  readonly lanes: Pick<CallLanes, 'of'>;
  /** What calls to each endpoint showed of it. */
  readonly vitals: Vitals;
  /** Where the rows of large selections are made; undefined where all work is done on this thread. */
  readonly threads?: RowThreads | undefined;
  /** Endpoints of which series turned out to come more than once, though nothing had told so. */
  readonly sharers: Sharers;
  /** What is known of scrape intervals; shared by all requests. */
  readonly intervals: Intervals;
  /** How series were grouped before. */
  readonly groupMemory: GroupMemory;
  /** Equal reads that are under way. */
  readonly sharedReads: SharedReads;
  /** Whether reads up to now are equal that begin within a second; none are where it is left out. */
  readonly joinsEqual?: (() => boolean) | undefined;
  /** Hears of each call that ended; for metrics. */
  readonly onCall?: ((call: EndpointCall) => void) | undefined;
  /** Hears of each endpoint that failed a request; for the log. */
  readonly onFailure?: ((failed: FailedCall) => void) | undefined;
  /** Hears of an endpoint whose health has to be looked into. */
  readonly onDoubt?: ((endpoint: Endpoint) => void) | undefined;
  /** Hears of an endpoint that neither answers requests nor looks at its health. */
  readonly onHang?: ((endpoint: Endpoint, failure: BackendFailure) => void) | undefined;
  /** Hears of each call that is made again. */
  readonly onRetry?: ((endpoint: Endpoint) => void) | undefined;
}
