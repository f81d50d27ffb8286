import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { problemsOf } from './support.ts';

const KEPT = 'query: { results_cache_size: 1MiB }\n';

const problems = (shared: string, kept = KEPT): readonly string[] =>
  problemsOf(`${kept}shared_cache: ${shared}\n`);

describe('a shared cache', () => {
  test('is none where nothing is said of it', () => {
    const { redis, memcached, timeout } = loadConfig(undefined).shared_cache;
    assert.deepEqual([redis, memcached, timeout], [undefined, undefined, 50]);
  });

  test('is one of two kinds', () => {
    const both = problems('{ redis: { address: "a:1" }, memcached: { addresses: ["b:2"] } }');
    assert.match(both.join(), /shared_cache: has both redis and memcached; leave one of them out/);
  });

  test('has no effect where no results are kept, which is said', () => {
    assert.match(
      problems('{ redis: { address: "a:1" } }', '').join(),
      /shared_cache: has no effect without query\.results_cache_size: set that to a size, such as 256MiB/,
    );
    assert.deepEqual(problems('{ redis: { address: "a:1" } }'), []);
  });

  test('has addresses with a port, and what is wrong with one does not show it', () => {
    for (const address of ['redis://:secret@a:1', 'secret', 'secret:0', 'secret:99999', ':1']) {
      const told = problems(`{ redis: { address: "${address}" } }`).join();
      assert.match(
        told,
        /redis\.address: must be a host and a port, such as cache\.example:6379, without a scheme/,
      );
      assert.doesNotMatch(told, /secret/);
    }
    assert.deepEqual(problems('{ memcached: { addresses: ["[::1]:1", "10.0.0.1:2", "a.b:3"] } }'), []);
  });

  test('has its servers once each, and one at least', () => {
    assert.match(problems('{ memcached: { addresses: [] } }').join(), /must name a server/);
    assert.match(problems('{ memcached: { addresses: ["a:1", "a:1"] } }').join(), /names a server twice/);
  });

  test('has one password, and one where it has a user', () => {
    assert.match(
      problems('{ redis: { address: "a:1", password: x, password_file: y } }').join(),
      /has both password and password_file; leave one of them out/,
    );
    assert.match(
      problems('{ redis: { address: "a:1", username: x } }').join(),
      /has a username and no password; add password or password_file/,
    );
  });

  test('is not waited for for long', () => {
    assert.match(
      problems('{ redis: { address: "a:1" }, timeout: 1m }').join(),
      /shared_cache\.timeout: must be 5s or less: queries wait for it/,
    );
  });

  test('has a namespace that fits into a key', () => {
    assert.match(problems('{ namespace: "a b" }').join(), /must be 1 to 64 letters, digits/);
  });
});
