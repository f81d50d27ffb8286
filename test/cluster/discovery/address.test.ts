import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointAddress } from '../../../src/cluster/discovery/address.ts';

test('an address without prefix stays as it is', () => {
  for (const address of ['http://a:9090', 'a:10901', '[::1]:10901', 'https://a/prefix'])
    assert.deepEqual(parseEndpointAddress(address), { kind: 'static', address });
});

test('names to look up, for gRPC and for HTTP', () => {
  const shown = (text: string): string => {
    const name = parseEndpointAddress(text);
    assert.ok(name.kind !== 'static');
    assert.equal(name.text, text);
    return [name.kind, name.scheme, name.host, name.port, name.path].join(' ');
  };
  assert.deepEqual(
    [
      'dns+thanos-store:10901',
      'dns+http://prometheus:9090/prefix',
      'dnsdualstack+https://prometheus:443',
      'dnssrv+_grpc._tcp.thanos-store.default.svc',
      'dnssrv+http://_web._tcp.prometheus',
      'dnssrvnoa+https://_web._tcp.prometheus:8443',
    ].map(shown),
    [
      'dns  thanos-store 10901 ',
      'dns http:// prometheus 9090 /prefix',
      'dnsdualstack https:// prometheus 443 ',
      'dnssrv  _grpc._tcp.thanos-store.default.svc  ',
      'dnssrv http:// _web._tcp.prometheus  ',
      'dnssrvnoa https:// _web._tcp.prometheus 8443 ',
    ],
  );
});

test('what cannot be looked up says how to write it', () => {
  assert.throws(() => parseEndpointAddress('dns+http://prometheus'), {
    kind: 'bad_data',
    message: /dns\+http:\/\/prometheus needs a port/,
  });
  assert.throws(
    () => parseEndpointAddress('consul+prometheus:9090'),
    /is no address to look up; write dns\+/,
  );
  assert.throws(() => parseEndpointAddress('dns+http://'), /is no address to look up/);
});
