import type { TestContext } from 'node:test';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { RunningGateway } from '../../../src/app/start-gateway.ts';
import { encodeQueryRangeRequest, encodeQueryRequest } from '../../../src/wire/store-api/query-request.ts';
import { PLAIN_QUERY } from '../../support/plain-query.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';
import { EU_A, startReplica, type FakeReplica } from '../failures/support.ts';

/** What is asked; times in s. */
export interface Asked {
  readonly query: string;
  readonly start: number;
  readonly end?: number;
  readonly step?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Told {
  /** Of HTTP, or the name of gRPC's. */
  readonly status: number | string;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** A gateway with tenants over one server, which has the series `m{instance="1"}` and `m{instance="2"}`. Each tenant sees all. */
export async function startLimited(
  t: TestContext,
  settings: Readonly<Record<string, unknown>>,
  tenants: readonly string[],
): Promise<{ readonly gateway: RunningGateway; readonly replica: FakeReplica; readonly client: Client }> {
  const replica = await startReplica(t, EU_A);
  const gateway = await startTestGateway([replica.url], {
    'tenancy.enforce': true,
    'tenancy.admins': ['ops'],
    'tenancy.tenants': Object.fromEntries(tenants.map((name) => [name, '{job="j"}'])),
    ...settings,
  });
  t.after(async () => gateway.close(0));
  await until('the server is known', 30_000, async () => {
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { 'thanos-tenant': 'ops' } });
    return /^promweave_endpoint_up\{.*\} 1$/m.test(await metrics.text());
  });
  const client = new Client(gateway.grpcAddress, credentials.createInsecure());
  t.after(() => client.close());
  return { gateway, replica, client };
}

export async function overHttp({ url }: RunningGateway, tenant: string, asked: Asked): Promise<Told> {
  const { query, start, end, step, headers } = asked;
  const [path, times] =
    step === undefined
      ? ['query', { time: String(start) }]
      : ['query_range', { start: String(start), end: String(end), step: String(step) }];
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ query, ...times }),
    headers: { 'thanos-tenant': tenant, ...headers },
  });
  const retryAfter = answer.headers.get('retry-after');
  return { status: answer.status, text: await answer.text(), retryAfter };
}

export async function overGrpc(client: Client, tenant: string, asked: Asked): Promise<Told> {
  const { query, start, end = start, step, headers = {} } = asked;
  const [method, request] =
    step === undefined
      ? ['Query', encodeQueryRequest({ ...PLAIN_QUERY, query, timeSeconds: start })]
      : [
          'QueryRange',
          encodeQueryRangeRequest({
            ...PLAIN_QUERY,
            query,
            startTimeSeconds: start,
            endTimeSeconds: end,
            intervalSeconds: step,
            part: undefined,
          }),
        ];
  const metadata = new Metadata();
  for (const [name, value] of Object.entries({ 'thanos-tenant': tenant, ...headers }))
    metadata.set(name, value);
  const stream = client.makeServerStreamRequest(
    `/thanos.Query/${method}`,
    (bytes: Uint8Array) => Buffer.from(bytes),
    (bytes: Buffer) => bytes,
    request,
    metadata,
    { deadline: Date.now() + 60_000 },
  );
  let text = '';
  try {
    for await (const message of stream as AsyncIterable<Buffer>) text += message.toString('latin1');
    return { status: 'OK', text, retryAfter: null };
  } catch (thrown) {
    const { code, details } = thrown as ServiceError;
    return { status: status[code], text: details, retryAfter: null };
  }
}
