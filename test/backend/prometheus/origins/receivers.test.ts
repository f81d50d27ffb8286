import assert from 'node:assert/strict';
import { it } from 'node:test';
import { receiverOf } from '../../../../src/backend/prometheus/origins/receivers.ts';

const CLOSED = { 'enable-feature': 'exemplar-storage', 'web.enable-remote-write-receiver': 'false' };

it('nobody may write to a server whose receivers are off', () => {
  assert.equal(receiverOf(CLOSED), undefined);
  assert.equal(
    receiverOf({ ...CLOSED, 'web.remote-write-receiver.accepted-protobuf-messages': 'a' }),
    undefined,
  );
});

it('others may write to a server by any receiver, and to one that does not tell', () => {
  for (const flags of [
    { 'web.enable-remote-write-receiver': 'true' },
    { 'web.enable-otlp-receiver': 'true' },
    { 'web.enable-next-receiver': 'true' },
    { 'enable-feature': 'agent,otlp-write-receiver' },
  ])
    assert.notEqual(receiverOf({ ...CLOSED, ...flags }), undefined);
  assert.notEqual(receiverOf({}), undefined);
});
