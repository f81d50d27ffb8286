import { SYSTEM_CLOCK } from '../../model/clock.ts';
import type { Labels } from '../../model/labels.ts';
import type { Backend, BackendDescription, BackendSelect, LookupRequest, RawSeriesSet } from '../backend.ts';
import { ownCall, type RequestScope } from '../../model/request-scope.ts';
import type { Answered, EndpointItems, EndpointList } from '../answered.ts';
import type { ListCalls } from '../list-calls.ts';
import { attempt } from '../endpoint-error.ts';
import { describeInfo, readInfo, readOwnLabelNames } from './describe.ts';
import { GrpcClient } from './grpc-client.ts';
import { listLabelNames, listLabelValues, listSeries } from './label-api.ts';
import { createListCalls } from './list-calls.ts';
import type { EvaluateCall } from '../evaluate-call.ts';
import { evaluateQuery } from './evaluate.ts';
import type { StoreApiOptions } from './options.ts';
import { selectSamples } from './select.ts';
import { withExternalLabels } from './with-external-labels.ts';

/**
 * A server of Thanos' Store API over gRPC: a sidecar, store gateway, ruler, receiver or another querier. It puts
 * external labels into all that it answers.
 */
export function createStoreApiBackend(options: StoreApiOptions): Backend {
  const backend = new StoreApiBackend(options);
  const { externalLabels } = options;
  return externalLabels === undefined ? backend : withExternalLabels(backend, externalLabels);
}

class StoreApiBackend implements Backend {
  readonly address: string;
  readonly lists: ListCalls;
  readonly #options: StoreApiOptions;
  readonly #client: GrpcClient;
  readonly evaluatesWithExternalLabels = true;
  /** What it calls how it evaluates, where that is as here. */
  #engine: string | undefined;

  constructor(options: StoreApiOptions) {
    this.address = options.address;
    this.#options = options;
    this.#client = new GrpcClient(options);
    this.lists = createListCalls(this.#client, (scope, work) => attempt(this.address, scope, work));
  }

  get evaluate(): EvaluateCall | undefined {
    return this.#engine === undefined ? undefined : this.#evaluate;
  }

  readonly #evaluate: EvaluateCall = async (scope, request) =>
    this.#attempt(scope, async (inner) =>
      evaluateQuery(this.#client, this.#engine ?? '', request, inner, this.#options.batchSize),
    );

  async describe(signal: AbortSignal): Answered<BackendDescription> {
    const { clock = SYSTEM_CLOCK } = this.#options;
    return ownCall(signal, async (scope) =>
      this.#attempt(scope, async (inner) => {
        const info = await readInfo(this.#client, inner);
        const description = describeInfo(info);
        const ownLabelNames = await readOwnLabelNames(this.#client, info, clock.now(), inner);
        const { engine } = this.#options;
        this.#engine = info.query && info.engine === engine ? engine : undefined;
        return { ...description, ownLabelNames };
      }),
    );
  }

  async select(scope: RequestScope, request: BackendSelect): Answered<RawSeriesSet> {
    return this.#attempt(scope, async (inner) => selectSamples(this.#client, this.#options, inner, request));
  }

  async series(scope: RequestScope, request: LookupRequest): Answered<EndpointItems<Labels>> {
    return this.#attempt(scope, async (inner) => listSeries(this.#client, this.#options, inner, request));
  }

  async labelNames(scope: RequestScope, request: LookupRequest): Answered<EndpointList<string>> {
    return this.#attempt(scope, async (inner) => listLabelNames(this.#client, inner, request));
  }

  async labelValues(
    scope: RequestScope,
    label: string,
    request: LookupRequest,
  ): Answered<EndpointList<string>> {
    return this.#attempt(scope, async (inner) => listLabelValues(this.#client, label, inner, request));
  }

  async knock(signal: AbortSignal): Promise<boolean> {
    return ownCall(signal, async (scope) => this.#client.knock(scope));
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #attempt<T>(scope: RequestScope, work: (scope: RequestScope) => Promise<T>): Answered<T> {
    return attempt(this.address, scope, work);
  }
}
