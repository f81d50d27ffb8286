import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSlice } from '../../../../src/cluster/discovery/kubernetes/endpoint-slice.ts';
import { KnownSlices } from '../../../../src/cluster/discovery/kubernetes/known-slices.ts';
import { type Slice, sliceOf } from '../../../support/kubernetes-api.ts';

const addresses = (slices: readonly Slice[], port?: string): readonly string[] =>
  new KnownSlices(
    slices.map((slice) => readSlice(slice, port)),
    '1',
  )
    .servers()
    .map(({ address }) => address);

test('endpoints count whether they are ready or not, by their first address', () => {
  const endpoints = [
    { addresses: ['10.0.0.2', '10.0.0.9'], conditions: { ready: false, serving: false, terminating: true } },
    { addresses: ['10.0.0.1'] },
  ];
  assert.deepEqual(addresses([sliceOf('a', [], { endpoints })]), ['10.0.0.1:9090', '10.0.0.2:9090']);
  assert.deepEqual(addresses([sliceOf('a', [], { endpoints: null })]), []);
});

test('an endpoint that is in two slices counts once', () => {
  assert.deepEqual(addresses([sliceOf('a', ['10.0.0.1', '10.0.0.2']), sliceOf('b', ['10.0.0.1'])]), [
    '10.0.0.1:9090',
    '10.0.0.2:9090',
  ]);
});

test('of a service with addresses of both families those of IPv4 count', () => {
  const six = (name: string, service: string, host: string): Slice =>
    sliceOf(name, [host], {
      addressType: 'IPv6',
      metadata: { name, namespace: 'mon', labels: { 'kubernetes.io/service-name': service } },
    });
  const four = sliceOf('a', ['10.0.0.1']);
  assert.deepEqual(addresses([six('b', 'prom', 'fd00::1'), four, six('c', 'other', 'fd00::2')]), [
    '10.0.0.1:9090',
    '[fd00::2]:9090',
  ]);
  assert.deepEqual(addresses([six('b', 'prom', 'fd00::1'), sliceOf('a', [])]), ['[fd00::1]:9090']);
  assert.deepEqual(addresses([sliceOf('a', ['a.example'], { addressType: 'FQDN' })]), ['a.example:9090']);
});

test('the port is the one of that name or number', () => {
  const ports = [
    { name: 'web', port: 9090, protocol: 'TCP' },
    { name: 'grpc', port: 10901 },
    { name: 'gossip', port: 7000, protocol: 'UDP' },
  ];
  const slice = sliceOf('a', ['10.0.0.1'], { ports });
  assert.deepEqual(addresses([slice], 'grpc'), ['10.0.0.1:10901']);
  assert.deepEqual(addresses([slice], '9090'), ['10.0.0.1:9090']);
  assert.deepEqual(addresses([slice], '7000'), []);
  assert.throws(() => addresses([slice]), /mon\/a has the ports web, grpc; set port to one of them/);
  const without = sliceOf('a', ['10.0.0.1'], { ports: null });
  assert.deepEqual(addresses([without], '9090'), ['10.0.0.1:9090']);
  assert.deepEqual(addresses([without], 'web'), []);
  assert.deepEqual(addresses([without]), []);
});

test('what is half an object is refused', () => {
  const { metadata } = sliceOf('a', []);
  for (const [object, problem] of [
    [null, /an endpoint slice is no object/],
    [{}, /the metadata of an endpoint slice is no object/],
    [{ metadata: { name: 'a' }, addressType: 'IPv4' }, /has no name or no addressType/],
    [
      { metadata, addressType: 'IPv4', endpoints: 3, ports: [{ port: 1 }] },
      /endpoints of mon\/a are no list/,
    ],
    [{ metadata, addressType: 'IPv4', endpoints: [{}], ports: [{ port: 1 }] }, /has no address/],
    [{ metadata, addressType: 'IPv4', ports: [7] }, /a port of mon\/a is no object/],
  ] as const)
    assert.throws(() => readSlice(object, undefined), problem);
});
