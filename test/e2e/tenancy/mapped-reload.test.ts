import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BY_HEADER, startTenantedStore } from '../../support/tenanted-store.ts';
import { startGateway } from '../../../src/app/start-gateway.ts';
import type { ConfigReading } from '../../../src/app/reload/config-source.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { success } from '../../../src/model/result.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';

const NOW = Math.floor(Date.now() / 1000) * 1000;
/** A look at the store takes so long, ms: less than new endpoints are waited for. */
const LOOK_MS = 700;

test('a tenant that a reload gives a value is answered as soon as the reload is', async (t) => {
  const store = await startTenantedStore(t, BY_HEADER, NOW);
  let values: Readonly<Record<string, string>> = { a: 'team-1' };
  const read = (): ConfigReading => ({
    config: success(
      loadConfig(
        undefined,
        Object.entries({
          'http.address': '127.0.0.1:0',
          'http.enable_lifecycle': true,
          'grpc.address': '127.0.0.1:0',
          'tenancy.enforce': true,
          'tenancy.admins': ['ops'],
          endpoints: [{ address: `${store.url}/prometheus`, tenants: { header: 'X-Scope-OrgID', values } }],
        }).map(([path, value]) => ({ path: path.split('.'), value, source: path })),
      ),
    ),
    shown: {},
    files: new Map(),
  });
  const first = read();
  if (!first.config.ok) throw new Error(first.config.failure);
  const logger = createLogger({ level: 'error', format: 'logfmt' });
  const gateway = await startGateway(first.config.value, 'test', logger, {
    source: { first, read: async () => read() },
  });
  t.after(async () => gateway.close(0));
  const ask = async (tenant: string): Promise<string> => {
    const path = `/api/v1/query?query=m&time=${NOW / 1000}`;
    const answer = await fetch(gateway.url + path, { headers: { 'thanos-tenant': tenant } });
    return answer.text();
  };
  assert.match(await ask('a'), /secret-team-1/);
  assert.match(await ask('b'), /it is not known what the tenant/);
  values = { a: 'team-1', b: 'team-2' };
  store.lookMs = LOOK_MS;
  const reload = { isOver: false };
  const meanwhile: string[] = [];
  const asking = (async () => {
    while (!reload.isOver) meanwhile.push(await ask('b'));
  })();
  const reloaded = await fetch(`${gateway.url}/-/reload`, {
    method: 'POST',
    headers: { 'thanos-tenant': 'ops' },
  });
  assert.equal(reloaded.status, 200, await reloaded.text());
  reload.isOver = true;
  await asking;
  for (const answer of meanwhile) assert.match(answer, /secret-team-2|it is not known what the tenant/);
  assert.match(await ask('b'), /secret-team-2/);
  assert.match(await ask('a'), /secret-team-1/);
});
