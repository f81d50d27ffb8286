import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGateway } from '../../src/gateway/gateway.ts';
import { originOf } from '../support/open-requests.ts';
import { ANSWER, partsOf } from './support.ts';

const QUERY = { text: 'up', time: 0, limit: 0 };
const signal = (): AbortSignal => new AbortController().signal;

test('requests that begin later keep to other settings, those that run to their own', async () => {
  const calls: string[] = [];
  const held = Promise.withResolvers<void>();
  const settingsOf = (name: string): ReturnType<typeof partsOf> =>
    partsOf({
      evaluate: async () => {
        calls.push(`${name} begins`);
        await held.promise;
        calls.push(`${name} ends`);
        return ANSWER;
      },
    });
  const gateway = createGateway(settingsOf('old'));
  const ask = async (): Promise<unknown> => gateway.query(gateway.open({}, originOf(signal())), QUERY);
  const before = ask();
  gateway.use(settingsOf('new'));
  const after = ask();
  held.resolve();
  await Promise.all([before, after]);
  assert.deepEqual(calls, ['old begins', 'new begins', 'old ends', 'new ends']);
});

test('the places for queries are as many as the settings say that came last', async () => {
  const parts = partsOf({ evaluate: () => new Promise(() => {}) });
  const limits = { ...parts.limits, maxConcurrent: 1 };
  const gateway = createGateway({ ...parts, limits });
  for (let i = 0; i < 3; i++)
    void gateway.query(gateway.open({}, originOf(signal())), QUERY).catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  const load = (): readonly number[] => {
    const { active, waiting } = gateway.load().queries;
    return [active, waiting];
  };
  assert.deepEqual(load(), [1, 2]);
  gateway.use({ ...parts, limits: { ...limits, maxConcurrent: 2 } });
  assert.deepEqual(load(), [2, 1]);
});

test('the defaults of a request are those that came last', () => {
  const parts = partsOf({});
  const gateway = createGateway(parts);
  gateway.use({ ...parts, defaults: { ...parts.defaults, partialResponse: false } });
  assert.equal(gateway.open({}, originOf(signal())).options.partialResponse, false);
});

test('tenants of settings that came last count for the requests that come next', () => {
  const gateway = createGateway(partsOf({}));
  const identity = { user: '', tenants: undefined };
  const nobody = { header: () => undefined, subject: undefined, identity, address: '' };
  assert.equal(gateway.admit(nobody, 'operator').tenant, '');
  assert.equal(gateway.hasTenants(), false);
  const tenancy = {
    header: 'tenant',
    certificateField: undefined,
    defaultTenant: undefined,
    label: 'team',
    tenants: new Map(),
    placed: undefined,
    users: new Map(),
    admins: new Set<string>(),
  };
  gateway.use({ ...partsOf({}), tenancy });
  assert.throws(() => gateway.admit(nobody, 'operator'), { kind: 'unauthenticated' });
  assert.equal(gateway.hasTenants(), true);
  gateway.use({ ...partsOf({}), tenancy: undefined });
  assert.equal(gateway.admit(nobody, 'operator').tenant, '');
});
