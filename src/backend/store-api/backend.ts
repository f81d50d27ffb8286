import { SYSTEM_CLOCK } from '../../model/clock.ts';
import type { Labels } from '../../model/labels.ts';
import type { Result } from '../../model/result.ts';
import type {
  Backend,
  BackendDescription,
  BackendFailure,
  BackendSelect,
  MetadataRequest,
  NotedList,
  RawSeriesSet,
} from '../backend.ts';
import type { Operations } from '../operations.ts';
import { attempt } from '../endpoint-error.ts';
import { describeInfo, readInfo, readOwnLabelNames } from './describe.ts';
import { GrpcClient } from './grpc-client.ts';
import { listLabelNames, listLabelValues, listSeries } from './label-api.ts';
import { createOperations } from './operations.ts';
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
  readonly operations: Operations;
  readonly #options: StoreApiOptions;
  readonly #client: GrpcClient;

  constructor(options: StoreApiOptions) {
    this.address = options.address;
    this.#options = options;
    this.#client = new GrpcClient(options);
    this.operations = createOperations(this.#client, (signal, work) => this.#attempt(signal, work));
  }

  async describe(signal: AbortSignal): Promise<Result<BackendDescription, BackendFailure>> {
    const { clock = SYSTEM_CLOCK } = this.#options;
    return this.#attempt(signal, async (signal) => {
      const info = await readInfo(this.#client, signal);
      const description = describeInfo(info);
      const ownLabelNames = await readOwnLabelNames(this.#client, info, clock.now(), signal);
      return { ...description, ownLabelNames };
    });
  }

  async select(request: BackendSelect, signal: AbortSignal): Promise<Result<RawSeriesSet, BackendFailure>> {
    return this.#attempt(signal, async (signal) =>
      selectSamples(this.#client, this.#options, request, signal),
    );
  }

  async series(
    request: MetadataRequest,
    signal: AbortSignal,
  ): Promise<Result<NotedList<Labels>, BackendFailure>> {
    return this.#attempt(signal, async (signal) => listSeries(this.#client, this.#options, request, signal));
  }

  async labelNames(
    request: MetadataRequest,
    signal: AbortSignal,
  ): Promise<Result<NotedList<string>, BackendFailure>> {
    return this.#attempt(signal, async (signal) => listLabelNames(this.#client, request, signal));
  }

  async labelValues(
    label: string,
    request: MetadataRequest,
    signal: AbortSignal,
  ): Promise<Result<NotedList<string>, BackendFailure>> {
    return this.#attempt(signal, async (signal) => listLabelValues(this.#client, label, request, signal));
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #attempt<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<Result<T, BackendFailure>> {
    return attempt({ address: this.address, timeoutMs: this.#options.timeoutMs }, signal, work);
  }
}
