import type { TestContext } from 'node:test';
import type { RunningGateway } from '../../../src/app/start-gateway.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer, copyColumns } from '../../../src/model/sample-columns.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { decodeSeriesRequest } from '../../../src/wire/store-api/series-request.ts';
import { encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { gatewayOver, startGrpc } from '../../grpc/support.ts';
import { memoryEndpoint } from '../../select/support.ts';
import { infoAnswer, startFakeStore, type FakeStore, type StreamingCall } from '../../support/fake-store.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { NOW, type ExternalLabels } from '../failures/support.ts';

export const INSTANCES = ['1', '2'] as const;

/** What a store sends where it is asked for samples. */
export type SamplesAnswer = (call: StreamingCall, external: ExternalLabels) => void | Promise<void>;

/**
 * The address of our own gRPC server over memory: `m` of both instances, 1 around NOW, and targets that are up around
 * NOW and while the test runs.
 */
export async function startHealthy(t: TestContext, external: ExternalLabels): Promise<string> {
  const around = (...times: readonly number[]): SampleBuffer => {
    const samples = new SampleBuffer();
    for (const time of times)
      for (let at = time - 600_000; at <= time + 600_000; at += 15_000) samples.push(at, 1);
    return samples;
  };
  const series = INSTANCES.flatMap((instance) =>
    (['m', 'up'] as const).map((__name__) => {
      const columns = copyColumns(__name__ === 'm' ? around(NOW) : around(NOW, Date.now()));
      return {
        labels: labelsFromRecord({ __name__, instance, job: 'j' }),
        data: { kind: 'columns', columns } as const,
      };
    }),
  );
  const name = Object.values(external).join('-');
  const running = await startGrpc(
    gatewayOver([memoryEndpoint(name, external, series, { timeoutMs: 60_000 })]),
  );
  t.after(running.close);
  return running.address;
}

/** A store that says who it is and lists the same targets as a healthy one, but sends samples as the test likes. */
export async function startHostile(
  t: TestContext,
  external: ExternalLabels,
  answer: SamplesAnswer,
  targets: readonly string[] = INSTANCES,
): Promise<FakeStore> {
  const store = await startFakeStore({
    info: () => infoAnswer([labelsFromRecord(external)]),
    series: async (call) => {
      if (!decodeSeriesRequest(call.request).skipChunks) return answer(call, external);
      for (const instance of targets) {
        const labels = labelsFromRecord({ __name__: 'up', instance, job: 'j', ...external });
        call.write(encodeSeriesResponse({ kind: 'series', series: [{ labels, chunks: [] }] }));
      }
      call.end();
    },
  });
  t.after(() => store.close());
  return store;
}

/** Whether a call asks for the samples of a query, and not for those of `up` that the gateway reads by itself. */
export function isOfQuery({ request }: StreamingCall): boolean {
  return decodeSeriesRequest(request).matchers.some(({ value }) => value === 'm');
}

/** A message with `m` of one instance; with the bytes of a chunk where the test has others than right ones. */
export function messageOf(
  external: ExternalLabels,
  instance: string,
  bytes?: { readonly encoding: number; readonly data: Uint8Array },
): Uint8Array {
  const samples = new SampleBuffer();
  for (let at = NOW - 600_000; at <= NOW; at += 15_000) samples.push(at, 1);
  const chunks = encodeColumns(samples).map((chunk) => ({ ...chunk, ...bytes }));
  return encodeSeriesResponse({
    kind: 'series',
    series: [
      {
        labels: labelsFromRecord({ __name__: 'm', instance, job: 'j', ...external }),
        chunks: chunks.map((raw) => ({
          minTime: raw.minTime,
          maxTime: raw.maxTime,
          raw,
          aggregates: undefined,
        })),
      },
    ],
  });
}

/** The gateway under test over gRPC addresses, each with a timeout of its own. */
export async function gatewayOverStores(
  t: TestContext,
  endpoints: readonly { readonly address: string; readonly timeout?: string }[],
): Promise<RunningGateway> {
  const settings = { refresh_interval: '1h', endpoints: endpoints.map((one) => ({ timeout: '1m', ...one })) };
  const gateway = await startTestGateway([], settings);
  t.after(async () => gateway.close(0));
  return gateway;
}
