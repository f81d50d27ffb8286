import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EndpointIdentity } from '../../src/cluster/endpoint-id.ts';
import { WantedEndpoints, type WantedEndpoint } from '../../src/cluster/wanted-endpoints.ts';
import { specOf } from './support.ts';

function wanted(address: string, more: Partial<EndpointIdentity> = {}): WantedEndpoint {
  const identity = { address, place: address, key: address, isPlain: true, marks: [], ...more };
  return { identity, spec: specOf(address) };
}

const tenant = (address: string, name: string): WantedEndpoint =>
  wanted(address, { key: `${address} ${name}`, isPlain: false, marks: [`X-Scope-OrgID: ${name}`] });

function world() {
  const events: string[] = [];
  let applied: readonly string[] = [];
  let problem: Error | undefined;
  const joined = new WantedEndpoints({
    apply: (specs) => {
      if (problem !== undefined) throw problem;
      applied = [...specs.keys()];
    },
    onEvent: (event) =>
      events.push(
        event.kind === 'repeated'
          ? `repeated ${event.address}`
          : `${event.kind} ${event.id} by ${event.source}`,
      ),
  });
  return {
    joined,
    events,
    applied: () => applied,
    failWith: (error: Error | undefined) => {
      problem = error;
    },
  };
}

describe('endpoints that are wanted', () => {
  it('are one where several want the same, while one of them does', () => {
    const { joined, events, applied } = world();
    const [one, other] = [joined.producer('dns+h'), joined.producer('dns+i')];
    one.want([wanted('a')]);
    other.want([wanted('a'), wanted('b')]);
    assert.deepEqual(applied(), ['a', 'b']);
    one.want([]);
    assert.deepEqual(applied(), ['a', 'b']);
    other.want([wanted('b')]);
    assert.deepEqual(applied(), ['b']);
    assert.deepEqual(events, ['found a by dns+h', 'found b by dns+i', 'gone a by dns+i']);
  });

  it('come in the order of those that want them, whoever was heard first', () => {
    const { joined, applied } = world();
    const [one, other] = [joined.producer('dns+h'), joined.producer('dns+i')];
    other.want([wanted('b')]);
    one.want([wanted('a')]);
    assert.deepEqual(applied(), ['a', 'b']);
  });

  it('are several where one address serves several tenants', () => {
    const { joined, events, applied } = world();
    joined.producer(undefined).want([tenant('a', 'eu'), tenant('a', 'us'), wanted('a'), wanted('b')]);
    assert.deepEqual(applied(), ['a (X-Scope-OrgID: eu)', 'a (X-Scope-OrgID: us)', 'a', 'b']);
    assert.deepEqual(events, []);
  });

  it('are one where they are configured twice, which is told once', () => {
    const { joined, events, applied } = world();
    const configured = joined.producer(undefined);
    configured.want([wanted('a'), wanted('a'), wanted('a')]);
    configured.want([wanted('a'), wanted('a'), wanted('b')]);
    assert.deepEqual(applied(), ['a', 'b']);
    assert.deepEqual(events, ['repeated a']);
  });

  it('are what is configured where only their address was found', () => {
    const { joined, events, applied } = world();
    joined.producer(undefined).want([tenant('a', 'eu')]);
    const file = joined.producer('file');
    file.want([wanted('a'), wanted('b')]);
    assert.deepEqual(applied(), ['a', 'b']);
    assert.deepEqual(events, ['found b by file']);
    file.want([]);
    assert.deepEqual(applied(), ['a']);
  });

  it('stay as they were where the new ones cannot be had', () => {
    const { joined, events, applied, failWith } = world();
    const configured = joined.producer(undefined);
    configured.want([wanted('a')]);
    failWith(new Error('no such file'));
    assert.throws(() => configured.want([wanted('b')]), /no such file/);
    failWith(undefined);
    joined.producer('file').want([wanted('c')]);
    assert.deepEqual(applied(), ['a', 'c']);
    assert.deepEqual(events, ['found c by file']);
  });
});
