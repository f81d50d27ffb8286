import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { problemsOf } from './support.ts';

const ENFORCED = 'tenancy: { enforce: true }\n';

describe('the limits of a configuration', () => {
  it('are those of all and of single tenants, durations in ms and sizes in bytes', () => {
    const text = `${ENFORCED}limits:\n  default: { max_range: 1d, max_points: 100 }\n  tenants: { a: { max_received_bytes: 1MiB, requests_per_second: 0.5 } }\n`;
    assert.deepEqual(loadConfig({ file: 'pw.yaml', text }).limits, {
      default: { max_range: 86_400_000, max_points: 100 },
      tenants: { a: { max_received_bytes: 1_048_576, requests_per_second: 0.5 } },
      clients: {},
    });
  });

  it('are refused under a key that is none, also of a single tenant', () => {
    assert.match(
      problemsOf(`${ENFORCED}limits:\n  tenants:\n    a: { max_pionts: 1 }\n`).join('\n'),
      /pw\.yaml:4: limits\.tenants\.a\.max_pionts: no such setting; did you mean max_points\?/,
    );
  });

  it('are refused where they would have no effect', () => {
    assert.deepEqual(problemsOf('limits: { tenants: { a: {} } }\n'), [
      'pw.yaml:1: limits.tenants: has no effect: set tenancy.enforce to true, or give limits.clients',
    ]);
    assert.deepEqual(problemsOf(`${ENFORCED}limits: { clients: { a: {} } }\n`), [
      'pw.yaml:2: limits.clients: has no effect where tenancy.enforce is true: clients count for their tenants then',
    ]);
  });
});

describe('blocked queries', () => {
  it('say what they block, and why', () => {
    assert.deepEqual(problemsOf("blocked_queries: [{ reason: no }, { query: up, reason: ' ' }]\n"), [
      'pw.yaml:1: blocked_queries[0]: says nothing of the queries that it blocks; give query, pattern or headers',
      'pw.yaml:1: blocked_queries[1].reason: must say why, for those who ask',
    ]);
  });
});
