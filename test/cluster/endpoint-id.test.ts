import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EndpointIdentity, endpointIds } from '../../src/cluster/endpoint-id.ts';

const identity = (address: string, ...marks: readonly string[]): EndpointIdentity => ({
  address,
  place: address,
  key: `${address} ${marks.join()}`,
  isPlain: false,
  marks,
});

describe('an id', () => {
  it('is the address where it says enough, whatever else is known', () => {
    assert.deepEqual(endpointIds([identity('a', 'X-Scope-OrgID: eu'), identity('b')]), ['a', 'b']);
  });

  it('has the marks that tell endpoints of one address apart, and no others', () => {
    assert.deepEqual(
      endpointIds([
        identity('a', 'X-Scope-OrgID: eu', 'user me'),
        identity('a', 'X-Scope-OrgID: us', 'user me'),
        identity('a', 'user me'),
      ]),
      ['a (X-Scope-OrgID: eu)', 'a (X-Scope-OrgID: us)', 'a'],
    );
  });

  it('has a number where no mark tells them apart, in their order', () => {
    assert.deepEqual(endpointIds([identity('a'), identity('a'), identity('a')]), ['a', 'a #2', 'a #3']);
  });

  it('is never that of another, even where an address looks like one', () => {
    const ids = endpointIds([identity('a #2'), identity('a'), identity('a')]);
    assert.equal(new Set(ids).size, 3);
  });
});
