import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLocalGateway } from '../../../src/cli/explain/local-gateway.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { BY_HEADER, startTenantedStore } from '../../support/tenanted-store.ts';
import { until } from '../../support/until.ts';

test('a gateway for one question sees all tenants of a store, under the label that the configuration gives them', async (t) => {
  const store = await startTenantedStore(t, BY_HEADER, Date.now());
  const text = `
tenancy: { enforce: true, label: team }
endpoints:
- address: ${store.url}/prometheus
  tenants: { header: X-Scope-OrgID, values: { a: one, b: two } }
`;
  const gateway = await startLocalGateway(loadConfig({ file: 'pw.yaml', text }));
  t.after(() => gateway.close(0));
  await until('both tenants are told of', 30_000, async () => {
    const told = await (await fetch(`${gateway.url}/api/v1/stores`)).text();
    const labels = [...told.matchAll(/"labelSets":\[\{"team":"(\w)"\}\]/g)].map(([, name]) => name);
    return labels.join() === 'a,b';
  });
  assert.deepEqual(store.asked(), ['one', 'two']);
});
