import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostPort, reachableAt } from '../../src/model/host-port.ts';

test('an IPv6 address stands in brackets', () => {
  assert.equal(hostPort('::1', 80), '[::1]:80');
  assert.equal(hostPort('example.com', 80), 'example.com:80');
});

test('a server on all addresses is reached on loopback', () => {
  assert.equal(reachableAt('0.0.0.0', 1), '127.0.0.1:1');
  assert.equal(reachableAt('::', 1), '[::1]:1');
  assert.equal(reachableAt('10.0.0.1', 1), '10.0.0.1:1');
});
