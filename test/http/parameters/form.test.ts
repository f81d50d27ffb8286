import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForm } from '../../../src/http/parameters/form.ts';

/** Members that every object has. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

test('a parameter may have the name of what every object has', () => {
  for (const name of INHERITED) {
    assert.equal(readForm('').get(name), '');
    assert.deepEqual(readForm('').all(name), []);
    const form = readForm(`${name}=a&${name}=b`, `${name}=c`);
    assert.equal(form.get(name), 'a');
    assert.deepEqual(form.all(name), ['a', 'b', 'c']);
  }
});

test('a name without a value is there and empty', () => {
  for (const text of ['a', 'a=', '&a&&', 'a=&b=1']) assert.deepEqual(readForm(text).all('a'), ['']);
  assert.deepEqual(readForm('=1&a').all(''), ['1']);
});

test('names and values are unescaped', () => {
  assert.deepEqual(readForm('match%5B%5D=a%3D+b%2B&match[]=%C3%A9=').all('match[]'), ['a= b+', 'é=']);
});

test('bytes that are no UTF-8 are refused, in names and in values, escaped or not', () => {
  const refusal = {
    kind: 'bad_data',
    message: /^error parsing form values: invalid UTF-8 in the name or the value/,
  };
  for (const bytes of ['%ff', '%C3%28', '%ED%A0%80', '%F4%90%80%80']) {
    assert.throws(() => readForm(`a=${bytes}`), refusal);
    assert.throws(() => readForm(`${bytes}=1`), refusal);
  }
  assert.throws(() => readForm(Buffer.from('a=\xff', 'latin1')), refusal);
  assert.equal(readForm('a=%EF%BF%BD').get('a'), '\ufffd');
});

test('what is malformed is refused, whatever the parameter', () => {
  for (const text of ['%', 'a=%', 'a=%4', 'a=%g1', '%zz=1', 'a=1;b=2', ';', 'a=%\n0'])
    assert.throws(() => readForm(text), {
      kind: 'bad_data',
      message: /^error parsing form values: invalid /,
    });
});

test('a malformed escape is shown as it came', () => {
  for (const [text, shown] of [
    ['a=%', '"%"'],
    ['a=%4', '"%4"'],
    ['a=b%g12', '"%g1"'],
    ['a=%4é', '"%4é"'],
    ['a=%25%zz', '"%zz"'],
  ] as const)
    assert.throws(() => readForm(text), {
      message: `error parsing form values: invalid URL escape ${shown}`,
    });
});

test('10,000 parameters are read, and no more, empty ones included', () => {
  assert.equal(readForm('a&'.repeat(10_000)).all('a').length, 10_000);
  const message = 'error parsing form values: there are more than 10000 parameters, the most that are read';
  for (const texts of [['a&'.repeat(10_001)], ['&'.repeat(3_000_000)], ['a&'.repeat(9999), 'b&c']])
    assert.throws(() => readForm(...texts), { kind: 'bad_data', message });
});
