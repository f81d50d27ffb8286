import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { readMultipart } from '../../../src/http/parameters/multipart.ts';

const TYPE = 'multipart/form-data; boundary=x';

function partOf(name: string, value: string, more = ''): string {
  return `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
}

function read(text: string, type = TYPE): ReturnType<typeof readMultipart> {
  return readMultipart(Buffer.from(text), type);
}

test('parts are parameters by their names, in their order', () => {
  const form = read(`${partOf('match[]', 'a')}${partOf('match[]', 'é\r\n--y')}${partOf('empty', '')}--x--`);
  assert.deepEqual(form.all('match[]'), ['a', 'é\r\n--y']);
  assert.deepEqual(form.all('empty'), ['']);
  assert.equal(form.get('absent'), '');
});

test('what the platform writes is read', async () => {
  const data = new FormData();
  data.append('query', 'up{a="b"}\n');
  data.append('file', new Blob(['x']), 'name.txt');
  const request = new Request('http://x', { method: 'POST', body: data });
  const bytes = Buffer.from(await request.arrayBuffer());
  const form = readMultipart(bytes, request.headers.get('content-type')!);
  assert.equal(form.get('query'), 'up{a="b"}\r\n');
  assert.deepEqual(form.all('file'), []);
});

test('boundaries may be quoted, and text may stand around the parts', () => {
  const form = read(
    `preamble\r\n${partOf('a', '1')}--x--\r\nepilogue`,
    'Multipart/Form-Data; charset=utf-8; Boundary="x"',
  );
  assert.equal(form.get('a'), '1');
});

test('headers are read whatever their case and order', () => {
  const form = read('--x \r\nX-Other: y\r\ncontent-disposition:form-data;name=a\r\n\r\n1\r\n--x--');
  assert.equal(form.get('a'), '1');
});

test('a part without a value is one', () => {
  assert.equal(read('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--x--').get('a'), '');
});

test('what is malformed is refused', () => {
  for (const [text, problem] of [
    ['', 'the multipart form has no end'],
    ['query=x', 'the multipart form has no end'],
    [partOf('a', '1'), 'the multipart form has no end'],
    ['--x', 'the multipart form has no end'],
    ['--x\r\n\r\n--x--', 'a part of the multipart form has no header, or a very long one'],
    ['--x\r\nA: b\r\n\r\n1\r\n--x--', 'a part of the multipart form has no Content-Disposition with a name'],
    [`--x\r\nA: ${'b'.repeat(20_000)}\r\n\r\n1\r\n--x--`, /very long one$/],
  ] as const)
    assert.throws(() => read(text), {
      kind: 'bad_data',
      message: problem instanceof RegExp ? problem : `error parsing form values: ${problem}`,
    });
  assert.throws(() => read('', 'multipart/form-data'), {
    message: 'error parsing form values: the header Content-Type names no multipart boundary',
  });
});

test('1000 parts are read, and no more', () => {
  const many = (count: number): string => `${partOf('a', '').repeat(count)}--x--`;
  assert.equal(read(many(1000)).all('a').length, 1000);
  assert.throws(() => read(many(1001)), {
    kind: 'bad_data',
    message: 'error parsing form values: there are more than 1000 parts, the most that are read',
  });
});
