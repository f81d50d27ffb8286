import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createShardMetrics } from '../../src/telemetry/shard-metrics.ts';

const UP = { isUp: true };
const DOWN = { isUp: false };

/** The lines of the gauge in the order in which it has them. */
async function linesOf(registry: Registry): Promise<readonly string[]> {
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('promweave_'));
}

test('the endpoints of each shard are counted by whether they are up', async () => {
  const registry = new Registry();
  createShardMetrics(registry, () => [
    { name: '{cluster="eu"}', endpoints: [UP, DOWN, UP] },
    { name: '{cluster="us"}', endpoints: [DOWN] },
  ]);
  assert.deepEqual(await linesOf(registry), [
    String.raw`promweave_shard_endpoints{shard_labels="{cluster=\"eu\"}",state="up"} 2`,
    String.raw`promweave_shard_endpoints{shard_labels="{cluster=\"eu\"}",state="down"} 1`,
    String.raw`promweave_shard_endpoints{shard_labels="{cluster=\"us\"}",state="up"} 0`,
    String.raw`promweave_shard_endpoints{shard_labels="{cluster=\"us\"}",state="down"} 1`,
  ]);
});

test('shards of one name are counted together', async () => {
  const registry = new Registry();
  createShardMetrics(registry, () => [
    { name: '{}', endpoints: [UP] },
    { name: '{}', endpoints: [UP, DOWN] },
  ]);
  assert.deepEqual(await linesOf(registry), [
    'promweave_shard_endpoints{shard_labels="{}",state="up"} 2',
    'promweave_shard_endpoints{shard_labels="{}",state="down"} 1',
  ]);
});

test('a shard that is gone leaves nothing behind', async () => {
  const registry = new Registry();
  let shards = [{ name: '{}', endpoints: [UP] }];
  createShardMetrics(registry, () => shards);
  assert.equal((await linesOf(registry)).length, 2);
  shards = [];
  assert.deepEqual(await linesOf(registry), []);
});
