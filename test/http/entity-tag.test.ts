import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { entityTag, isKnown } from '../../src/http/entity-tag.ts';
import { serverOver } from './support.ts';

const URL = '/api/v1/labels';

describe('a tag', () => {
  it('is known in any list of tags, weak or not, and by a star', () => {
    const tag = entityTag(Buffer.from('a'));
    assert.match(tag, /^W\/"[\w-]{22}"$/);
    for (const header of [tag, tag.slice(2), `"x", ${tag}`, ` ${tag} ,"y"`, ' * '])
      assert.ok(isKnown(header, tag), header);
    for (const header of [undefined, '', '"x"', entityTag(Buffer.from('b')), `"${'x'.repeat(9000)}",${tag}`])
      assert.ok(!isKnown(header, tag), header);
  });
});

describe('a list that clients ask for again', () => {
  let items = ['a', 'b'];
  const server = serverOver({ labelNames: async () => ({ items, annotations: [] }) });

  it('is answered with 304 while it stays the same', async () => {
    const first = await server.inject(URL);
    const etag = String(first.headers.etag);
    assert.match(etag, /^W\//);
    for (const method of ['GET', 'HEAD'] as const) {
      const headers = { 'if-none-match': etag, origin: 'http://page' };
      const again = await server.inject({ method, url: URL, headers });
      assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag]);
      assert.equal(again.headers['content-type'], undefined);
      assert.deepEqual(
        [again.headers.vary, again.headers['access-control-allow-origin']],
        [first.headers.vary, '*'],
      );
    }
    items = ['a', 'b', 'c'];
    const changed = await server.inject({ url: URL, headers: { 'if-none-match': etag } });
    assert.deepEqual([changed.statusCode, changed.json<{ data: unknown }>().data], [200, items]);
  });

  it('has the same tag compressed', async () => {
    items = Array.from({ length: 500 }, (_, i) => `name_${i}`);
    const plain = await server.inject(URL);
    const packed = await server.inject({ url: URL, headers: { 'accept-encoding': 'gzip' } });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(packed.rawPayload).toString(), plain.body);
    assert.equal(packed.headers.etag, plain.headers.etag);
  });

  it('has none where it is sent in parts, or was asked for by POST', async () => {
    items = Array.from({ length: 20_000 }, (_, i) => `name_${i}`);
    const large = await server.inject({ url: URL, headers: { 'if-none-match': '*' } });
    assert.deepEqual([large.statusCode, large.headers.etag], [200, undefined]);
    const head = await server.inject({ method: 'HEAD', url: URL });
    assert.deepEqual([head.statusCode, head.body, head.headers['content-length']], [200, '', undefined]);
    items = ['a'];
    const posted = await server.inject({ method: 'POST', url: URL, headers: { 'if-none-match': '*' } });
    assert.deepEqual([posted.statusCode, posted.headers.etag], [200, undefined]);
  });
});
