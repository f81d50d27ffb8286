import type { Budget } from './budget.ts';
import { UNLIMITED, type CallerLimits } from './caller-limits.ts';
import type { DedupMode } from './dedup-mode.ts';
import type { CallLateness } from './call-lateness.ts';
import { SEES_EVERYTHING, type EnforcedMatchers } from './enforced-matchers.ts';
import type { Matcher } from './matcher.ts';
import { ownBudget } from './own-budget.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { type EndpointCall, RequestJournal } from './request-journal.ts';
import { OWN_IDS, type RequestIds } from './request-ids.ts';

/**
 * What a request carries from the transport down to the endpoints: for which caller, how, until when, and under which ids. It is
 * the first argument everywhere. What a layer needs of it, it takes from here; nothing of it is passed beside it.
 */
export interface RequestScope {
  readonly caller: Caller;
  readonly options: ReadOptions;
  /** Aborts when the caller gives up and when the deadline is over. */
  readonly signal: AbortSignal;
  /** When the answer is due, ms of the monotonic clock; Infinity where nothing is due. */
  readonly deadline: number;
  /** How long it waited in this process until its turn came, ms; undefined where it did not wait. */
  readonly queuedMs?: number | undefined;
  /** What the request may hold in memory; its lease ends when the answer was sent. */
  readonly budget: Budget;
  readonly ids: RequestIds;
  /**
   * What of the caller's headers endpoints may be sent that are configured so, by names in lower case, always in the same order: whose
   * data they answer with may depend on it, so whatever keeps answers has to tell them apart by it. Undefined where nothing is passed on.
   */
  readonly passed?: PassedHeaders | undefined;
  /** What is written down of it for people who look on. */
  readonly journal: RequestJournal;
  /** The call to an endpoint that this is the scope of; undefined above calls. */
  readonly call?: EndpointCall | undefined;
  /** Is told of each part of the answer to that call, so that reading it does not count as time in which this process was busy elsewhere. */
  readonly reading?: CallLateness | undefined;
}

/** What a single call to an endpoint takes of it. */
export type CallScope = Pick<RequestScope, 'caller' | 'signal' | 'budget' | 'ids' | 'reading' | 'passed'>;

export type PassedHeaders = readonly (readonly [name: string, value: string])[];

/** Who a caller was found to be, and what follows from that. */
export interface Admission {
  /** Its name; several are joined by `|`. Empty where there are no tenants. */
  readonly tenant: string;
  /** A series must match all of them, whatever the request selects. */
  readonly enforced: EnforcedMatchers;
  /** What it may take. */
  readonly limits: CallerLimits;
}

/** The caller of a request. */
export interface Caller extends Admission {
  /** Tells callers apart where they wait for their turn: the address that the request came from. */
  readonly client: string;
  /** How it came: `GET` and the path without a query string; over gRPC `POST`, and the method with its service. */
  readonly method: string;
  readonly path: string;
  /** What the caller sent by a header, by its name in lower case. Of use until the answer was sent. */
  readonly header: (name: string) => unknown;
}

/** Of a gateway without tenants and limits. */
export const NO_TENANT: Admission = { tenant: '', enforced: SEES_EVERYTHING, limits: UNLIMITED };

export const ANYBODY: Caller = {
  client: '',
  method: '',
  path: '',
  header: () => undefined,
  ...NO_TENANT,
};

/** How replicas and failures are to be treated. */
export interface ReadOptions {
  readonly replicas: ReplicaView;
  /** How replicas become one series. */
  readonly dedupMode: DedupMode;
  /** True answers without what is lost, and says so; false refuses with an error of kind `unavailable`. */
  readonly partialResponse: boolean;
  /** Coarsest downsampling that may be answered where an endpoint has it, ms between samples; 0 means raw samples alone. */
  readonly maxSourceResolution: number;
  /**
   * Which endpoints are asked: those whose address (`__address__`) and external labels match all matchers of one of these sets.
   * Empty means all. What is not asked is not missing.
   */
  readonly endpoints: readonly (readonly Matcher[])[];
  /** Whether the answer also tells of losses that stand-ins make up for. */
  readonly showReplaced: boolean;
  /** Whether servers may compute parts of aggregations, where that changes nothing. */
  readonly pushdown: boolean;
}

/** Which labels tell replicas apart, and whose replicas become one. */
export interface ReplicaView {
  readonly replicaLabels: readonly string[];
  /** Taken away here, so that replicas become one series. Empty where each replica is to be seen. */
  readonly mergedHere: ReadonlySet<string>;
  /** Left in the answer, but the caller makes their replicas one itself: one that others replace is no loss to it. */
  readonly mergedAbove: ReadonlySet<string>;
}

/** The labels by which endpoints may differ and still stand in for each other. */
export function standInLabels({ mergedHere, mergedAbove }: ReplicaView): ReadonlySet<string> {
  return mergedAbove.size === 0 ? mergedHere : new Set([...mergedHere, ...mergedAbove]);
}

/** The same request, until this signal aborts as well. */
export function withSignal(scope: RequestScope, signal: AbortSignal): RequestScope {
  return { ...scope, signal };
}

/**
 * Runs a request of the gateway itself, such as a probe. What it holds is given back when `call` ends.
 * @param mostSeries that may come; 0 means any number.
 */
export async function ownCall<T>(
  signal: AbortSignal,
  call: (scope: RequestScope) => Promise<T>,
  mostSeries = 0,
): Promise<T> {
  const scope = ownScope(signal, mostSeries);
  try {
    return await call(scope);
  } finally {
    scope.budget.release();
  }
}

/** For nobody's account, each replica for itself, with little memory. Its budget has to be released. */
export function ownScope(signal: AbortSignal, mostSeries = 0): RequestScope {
  return {
    caller: ANYBODY,
    options: {
      replicas: { replicaLabels: [], mergedHere: new Set(), mergedAbove: new Set() },
      dedupMode: 'gap-aware',
      partialResponse: true,
      maxSourceResolution: 0,
      endpoints: [],
      showReplaced: false,
      pushdown: false,
    },
    signal,
    deadline: Infinity,
    budget: ownBudget(mostSeries),
    ids: OWN_IDS,
    journal: new RequestJournal(SYSTEM_CLOCK),
  };
}
