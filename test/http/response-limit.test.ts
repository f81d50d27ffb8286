import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import { Registry } from 'prom-client';
import type { MatrixSeries } from '../../src/engine/answer.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { openBudget, type Budget } from '../../src/model/budget.ts';
import { type CallerLimits, UNLIMITED } from '../../src/model/caller-limits.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { NO_TENANT } from '../../src/model/request-scope.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { openScope } from '../../src/gateway/request-scope.ts';
import { createHttpMetrics } from '../../src/telemetry/http-metrics.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { grantOf } from '../support/open-requests.ts';
import { answering, listening } from './support.ts';

const MIB = 1024 * 1024;
/** In the text of an answer: each sample has about 30 bytes. */
const SAMPLES_OF_SERIES = 1000;

function matrixOf(series: number): readonly MatrixSeries[] {
  const columns = new SampleBuffer();
  for (let i = 0; i < SAMPLES_OF_SERIES; i++) columns.push(1_700_000_000_000 + i * 1000, i / 7);
  return Array.from({ length: series }, (_, i) => ({
    labels: labelsFromRecord({ series: String(i) }),
    columns,
  }));
}

interface World {
  readonly ask: (path?: string) => Promise<{
    readonly status: number;
    readonly isWhole: boolean;
    readonly body: string;
  }>;
  readonly refused: string[];
  readonly logged: string[];
  readonly budgets: Budget[];
}

/** A server whose caller may be sent so many bytes, and that answers with so many series. */
async function startLimited(t: TestContext, most: number, series: number, memory = 0): Promise<World> {
  const refused: string[] = [];
  const logged: string[] = [];
  const budgets: Budget[] = [];
  const limits: CallerLimits = {
    ...UNLIMITED,
    values: { max_response_bytes: most },
    whose: 'the tenant "a"',
    onRefused: (name) => refused.push(name),
  };
  const gateway: Partial<Gateway> = {
    ...answering({ kind: 'matrix', series: matrixOf(series) }),
    admit: () => ({ ...NO_TENANT, limits }),
    open: (wishes, origin, stepMs) => {
      const budget = openBudget(new MemoryCeiling(0), { bytes: memory, series: 0 });
      budgets.push(budget);
      return openScope({ ...grantOf(), budget }, wishes, origin, stepMs);
    },
  };
  const logger = createLogger({ level: 'info', format: 'logfmt' }, { write: (line) => logged.push(line) });
  const port = await listening(t, gateway, { logger, metrics: createHttpMetrics(new Registry()) });
  const ask: World['ask'] = async (path = '/api/v1/query_range?query=a&start=0&end=1&step=1') => {
    const request = get({ host: '127.0.0.1', port, path, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    try {
      for await (const part of response) parts.push(part as Buffer);
    } catch {
      // It broke off.
    }
    const body = Buffer.concat(parts).toString();
    return { status: response.statusCode!, isWhole: response.complete, body };
  };
  return { ask, refused, logged, budgets };
}

const SENTENCE =
  /the answer has more than 1MiB, which is the limit \(limits: max_response_bytes of the tenant/;

test('an answer beyond a small limit is refused before it begins, wherever it goes beyond', async (t) => {
  // 1.3 MB, of which far more than a chunk is within the limit, and by its number of samples it may be smaller.
  const { ask, refused, logged } = await startLimited(t, MIB, 45);
  const { status, isWhole, body } = await ask();
  assert.deepEqual([status, isWhole], [422, true], body.slice(0, 200));
  assert.match((JSON.parse(body) as { readonly error: string }).error, SENTENCE);
  assert.deepEqual(refused, ['max_response_bytes'], 'it is counted once');
  assert.doesNotMatch(logged.join(''), /broke off/);
});

test('an answer within a small limit is held against the memory of its request until it was sent', async (t) => {
  const { ask, refused, budgets } = await startLimited(t, 4 * MIB, 45);
  const { status, isWhole, body } = await ask();
  assert.deepEqual([status, isWhole], [200, true]);
  assert.equal((JSON.parse(body) as { data: { result: unknown[] } }).data.result.length, 45);
  assert.deepEqual(refused, []);
  const [budget] = budgets;
  assert.ok(budget!.peak > MIB, `${budget!.peak} bytes were counted`);
  while (budget!.held > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('an answer that a request may not hold is refused before it begins', async (t) => {
  const { ask } = await startLimited(t, 4 * MIB, 45, MIB / 2);
  const { status, body } = await ask();
  assert.equal(status, 422);
  assert.match(body, /the request needs more memory than the limit of 512KiB/);
});

test('one that has too many samples for any limit is refused before it is made', async (t) => {
  const { ask, refused, budgets } = await startLimited(t, 16 * MIB, 1000);
  const { status, body } = await ask();
  assert.equal(status, 422);
  assert.match(body, /the answer has more than 16MiB, which is the limit/);
  assert.deepEqual([refused, budgets[0]!.peak], [['max_response_bytes'], 0]);
});

test('one that turns out to be beyond a large limit breaks off, which is logged with its sentence and counted', async (t) => {
  // 17.8 MB, of which it has 10 MB by its number of samples.
  const { ask, refused, logged } = await startLimited(t, 16 * MIB, 600);
  const { status, isWhole, body } = await ask();
  assert.deepEqual([status, isWhole], [200, false]);
  assert.throws(() => JSON.parse(body) as unknown, 'what came can be read as a whole answer');
  assert.deepEqual(refused, ['max_response_bytes']);
  assert.match(logged.join(''), /broke off/);
  assert.match(logged.join(''), /the answer has more than 16MiB, which is the limit/);
});
