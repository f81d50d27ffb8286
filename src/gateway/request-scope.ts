import type { DedupMode } from '../model/dedup-mode.ts';
import type { Budget } from '../model/budget.ts';
import { isRestricted } from '../model/enforced-matchers.ts';
import { bug, QueryError } from '../model/errors.ts';
import type { Matcher } from '../model/matcher.ts';
import type { RequestIds } from '../model/request-ids.ts';
import type { RequestJournal } from '../model/request-journal.ts';
import {
  type Admission,
  type Caller,
  type PassedHeaders,
  type ReadOptions,
  type ReplicaView,
  type RequestScope,
} from '../model/request-scope.ts';
import { type MaxResolution, resolutionOf } from './resolution.ts';

/** How a caller wants replicas and failures treated; what it leaves open is the server's choice. */
export interface ReadWishes {
  readonly dedup?: boolean | undefined;
  readonly dedupMode?: DedupMode | undefined;
  /** Replaces the server's replica labels; an empty list does not. */
  readonly replicaLabels?: readonly string[] | undefined;
  /** Takes these labels away, and makes the replicas that differ by them one, whatever `dedup` says. */
  readonly withoutLabels?: readonly string[] | undefined;
  /** The caller makes the replicas that it wants to see one itself, by their replica labels. Undefined means false. */
  readonly mergesReplicas?: boolean | undefined;
  readonly partialResponse?: boolean | undefined;
  /** Of data that an endpoint may answer with instead of raw samples. */
  readonly maxSourceResolution?: MaxResolution | undefined;
  readonly showReplaced?: boolean | undefined;
  readonly pushdown?: boolean | undefined;
  /** See {@link ReadOptions}; undefined means all. */
  readonly endpoints?: readonly (readonly Matcher[])[] | undefined;
}

/** What the server does where a request leaves it open. */
export interface ServerDefaults {
  readonly dedup: boolean;
  readonly dedupMode: DedupMode;
  readonly replicaLabels: readonly string[];
  readonly partialResponse: boolean;
  /** Takes requests that name no resolution for such that say `auto`. Undefined means false. */
  readonly autoDownsampling?: boolean | undefined;
  /** How far back lists of series and labels reach from their end where a request gives no start, ms; undefined means all times. */
  readonly metadataRange?: number | undefined;
  /** Headers that some endpoint is to be sent as the caller sent them, in lower case. Undefined means none. */
  readonly passedHeaders?: readonly string[] | undefined;
  /** Undefined means false. */
  readonly showReplaced?: boolean | undefined;
  /** Undefined means false. */
  readonly pushdown?: boolean | undefined;
  /** Whether alerts have the external labels of their servers. Undefined means false. */
  readonly alertExternalLabels?: boolean | undefined;
}

/** Where a request comes from. */
export interface Origin {
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal;
  /** How long ago the request came, ms: it may have waited in a crowd, and for its password to be looked at. Undefined means that it did not. */
  readonly waitedMs?: number | undefined;
  /** When the caller wants its answer, ms of the monotonic clock; undefined where it does not say. */
  readonly deadline?: number | undefined;
  /** What the message of the caller takes in memory until its answer was sent, where nobody counted it before; bytes. */
  readonly requestBytes?: number | undefined;
  readonly ids: RequestIds;
  /** What the caller may see; undefined for a call that is open to everybody, which begins no request. */
  readonly admission: Admission | undefined;
  /** Tells callers apart where they wait for their turn: the address of the connection, without its port. */
  readonly client: string;
  /** See {@link Caller}. */
  readonly method: Caller['method'];
  readonly path: Caller['path'];
  readonly header: Caller['header'];
  /**
   * Calls back once, when the answer was sent to its last byte or given up. What the request holds is released then.
   */
  readonly whenSent: (callback: () => void) => void;
}

/** What the server gives to a request. */
export interface Grant {
  readonly defaults: ServerDefaults;
  readonly budget: Budget;
  readonly journal: RequestJournal;
}

/**
 * Begins a request: what the caller wants and the server's defaults become the one value that all layers take. What it
 * holds in memory, its own message included, is given back when its answer was sent. Throws as the budget does, and `forbidden` where a
 * tenant chooses servers.
 * @param stepMs of a range query; 0 for all else.
 */
export function openScope(
  { defaults, budget, journal }: Grant,
  wishes: ReadWishes,
  origin: Origin,
  stepMs = 0,
): RequestScope {
  const {
    signal,
    deadline = Infinity,
    requestBytes = 0,
    ids,
    client,
    method,
    path,
    header,
    whenSent,
  } = origin;
  const { tenant, enforced, limits } =
    origin.admission ?? bug('a call that is open to everybody began a request');
  whenSent(() => budget.release());
  if (requestBytes > 0) budget.take(requestBytes);
  if (wishes.endpoints !== undefined && wishes.endpoints.length > 0 && isRestricted({ enforced }))
    throw new QueryError(
      'forbidden',
      'a tenant cannot choose servers (storeMatch[], storeMatchers): it does not see which there are; leave that out',
    );
  return {
    caller: { client, method, path, header, tenant, enforced, limits },
    options: readOptions(defaults, wishes, stepMs),
    signal,
    deadline,
    budget,
    ids,
    passed: passedFrom(header, defaults.passedHeaders ?? []),
    journal,
  };
}

/** Longer values, characters, are names of nothing. */
const MOST_PASSED = 1000;

function passedFrom(header: Caller['header'], names: readonly string[]): PassedHeaders | undefined {
  const passed = names.flatMap((name) => {
    const value = header(name);
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  const long = passed.find(([, value]) => value.length > MOST_PASSED);
  if (long !== undefined)
    throw new QueryError(
      'bad_data',
      `the header ${long[0]} has ${long[1].length} characters; the most that are passed on are ${MOST_PASSED}`,
    );
  return passed.length === 0 ? undefined : passed;
}

function readOptions(defaults: ServerDefaults, wishes: ReadWishes, stepMs: number): ReadOptions {
  const resolution = wishes.maxSourceResolution ?? (defaults.autoDownsampling ? 'auto' : undefined);
  return {
    replicas: replicaView(defaults, wishes),
    dedupMode: wishes.dedupMode ?? defaults.dedupMode,
    partialResponse: wishes.partialResponse ?? defaults.partialResponse,
    maxSourceResolution: resolutionOf(resolution, stepMs),
    endpoints: wishes.endpoints ?? [],
    showReplaced: wishes.showReplaced ?? defaults.showReplaced ?? false,
    pushdown: wishes.pushdown ?? defaults.pushdown ?? false,
  };
}

/** What a caller takes for a replica label tells replicas apart here, too, whatever the server thinks. */
function replicaView(defaults: ServerDefaults, wishes: ReadWishes): ReplicaView {
  const { withoutLabels = [], dedup = defaults.dedup, mergesReplicas = false } = wishes;
  const labels = wishes.replicaLabels?.length ? wishes.replicaLabels : defaults.replicaLabels;
  const replicaLabels = [...new Set([...labels, ...withoutLabels])];
  return {
    replicaLabels,
    mergedHere: new Set([...(dedup ? labels : []), ...withoutLabels]),
    mergedAbove: new Set(mergesReplicas ? labels : []),
  };
}
