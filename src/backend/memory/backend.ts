import { QueryError } from '../../model/errors.ts';
import { type Labels, mergeLabels } from '../../model/labels.ts';
import { failed, type Result, success } from '../../model/result.ts';
import type { Backend, BackendDescription, BackendSelect, LookupRequest, RawSeriesSet } from '../backend.ts';
import type { RawSeries } from '../../model/raw-data.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { Answered, EndpointList } from '../answered.ts';
import type { BackendFailure } from '../../model/loss.ts';
import { NO_LISTS, type ListCalls } from '../list-calls.ts';
import type { OriginCalls } from '../series-origins.ts';
import { describeSeries } from './describe.ts';
import { listLabelNames, listLabelValues, listSeries } from './label-api.ts';
import { selectSeries } from './select.ts';

export interface MemoryBackendOptions {
  readonly address: string;
  /** Added to every series; they win over labels of the same name. */
  readonly externalLabels: Labels;
  /** Compressed chunks or columns, as they should come back. Never changed; label sets may repeat. */
  readonly series: readonly RawSeries[];
  /** Rules, targets, metadata and exemplars as they should come back; none where it is left out. */
  readonly lists?: ListCalls;
  /** Where the series come from; it cannot tell where this is left out. */
  readonly origins?: OriginCalls | undefined;
}

/**
 * An endpoint that holds its series itself: for embedded data and for tests. It fails only where it is aborted or a
 * matcher's pattern does not compile.
 */
export function createMemoryBackend(options: MemoryBackendOptions): Backend {
  return new MemoryBackend(options);
}

class MemoryBackend implements Backend {
  readonly address: string;
  readonly lists: ListCalls;
  readonly origins: OriginCalls | undefined;
  readonly #externalLabels: Labels;
  readonly #series: readonly RawSeries[];

  constructor({ address, externalLabels, series, lists, origins }: MemoryBackendOptions) {
    this.address = address;
    this.lists = lists ?? NO_LISTS;
    this.origins = origins;
    this.#externalLabels = externalLabels;
    this.#series = series.map(({ labels, data }) => ({ labels: mergeLabels(labels, externalLabels), data }));
  }

  async describe(signal: AbortSignal): Answered<BackendDescription> {
    return this.#answer(signal, () => describeSeries(this.#series, this.#externalLabels));
  }

  async select({ signal }: RequestScope, request: BackendSelect): Answered<RawSeriesSet> {
    return this.#answer(signal, () => selectSeries(this.#series, request));
  }

  async series({ signal }: RequestScope, request: LookupRequest): Answered<EndpointList<Labels>> {
    return this.#answer(signal, () => noted(listSeries(this.#series, request)));
  }

  async labelNames({ signal }: RequestScope, request: LookupRequest): Answered<EndpointList<string>> {
    return this.#answer(signal, () => noted(listLabelNames(this.#series, request)));
  }

  async labelValues(
    { signal }: RequestScope,
    label: string,
    request: LookupRequest,
  ): Answered<EndpointList<string>> {
    return this.#answer(signal, () => noted(listLabelValues(this.#series, label, request)));
  }

  async close(): Promise<void> {}

  #answer<T>(signal: AbortSignal, work: () => T): Result<T, BackendFailure> {
    const failure = (kind: BackendFailure['kind'], reason: string): Result<T, BackendFailure> =>
      failed({ kind, endpoint: this.address, reason });
    if (signal.aborted) return failure('canceled', 'the request was canceled');
    try {
      return success(work());
    } catch (thrown) {
      // A matcher may hold a pattern that does not compile.
      if (thrown instanceof QueryError && thrown.kind === 'bad_data')
        return failure('bad_data', thrown.message);
      throw thrown;
    }
  }
}

function noted<T>(items: readonly T[]): EndpointList<T> {
  return { items, annotations: [] };
}
