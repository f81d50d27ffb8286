import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenProblem } from '../../src/model/listen-problem.ts';

test('what hinders a server from listening is said in words', () => {
  assert.equal(
    listenProblem('No address added out of total 1 resolved errors: [listen EADDRINUSE: address in use]'),
    'another program listens there already',
  );
  assert.match(
    listenProblem('listen EACCES: permission denied 0.0.0.0:80'),
    /^this user may not listen there/,
  );
});

test('causes without words of their own keep those of the library', () => {
  assert.equal(listenProblem('something else'), 'something else');
});
