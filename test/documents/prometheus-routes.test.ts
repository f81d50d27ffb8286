import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { documentOf } from '../http/openapi-check.ts';
import { serverOver } from '../http/support.ts';

/** What Prometheus 3.14 serves below `/api/v1` (web/api/v1/api.go, `Register`). */
const OF_PROMETHEUS =
  `query query_range query_exemplars format_query parse_query labels label/{name}/values series scrape_pools
scrape_pools/config targets targets/metadata targets/relabel_steps alertmanagers metadata status/config status/runtimeinfo
status/buildinfo status/flags status/tsdb status/tsdb/blocks status/self_metrics features status/walreplay notifications
notifications/live read write otlp/v1/metrics search/metric_names search/label_names search/label_values alerts rules
openapi.yaml`
    .split(/\s+/)
    .map((path) => `/api/v1/${path}`);

const section = readFileSync('docs/api.md', 'utf8')
  .split(/^## /m)
  .find((each) => each.startsWith('What Prometheus has'))!;
const told = Array.from(section.matchAll(/`(\/api\/v1\/[^`]+)`/g), ([, path]) => path!);

test('what Prometheus serves is served, or the page of the API says why not', async () => {
  const { paths } = await documentOf(serverOver({}));
  const missing = OF_PROMETHEUS.filter((path) => paths[path] === undefined);
  assert.ok(missing.length < OF_PROMETHEUS.length / 4);
  assert.deepEqual(told.toSorted(), missing.toSorted());
});
