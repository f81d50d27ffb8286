import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurnLine } from '../../src/model/turn-line.ts';

function lineOf(...items: readonly string[]): TurnLine<string> {
  const line = new TurnLine<string>();
  for (const item of items) line.add(item[0]!, item);
  return line;
}

function rest(line: TurnLine<string>): string {
  const taken: string[] = [];
  for (let item = line.take(); item !== undefined; item = line.take()) taken.push(item);
  return taken.join(' ');
}

test('those for whom something waits take turns, and what waits for one goes on in its order', () => {
  const line = lineOf('a1', 'a2', 'a3', 'b1', 'c1', 'b2');
  assert.equal(line.size, 6);
  assert.equal(rest(line), 'a1 b1 c1 a2 b2 a3');
  assert.equal(line.size, 0);
});

test('whoever begins to wait is next, and not behind the one that had the last turn', () => {
  const line = lineOf('a1', 'a2', 'a3');
  assert.equal(line.take(), 'a1');
  line.add('b', 'b1');
  assert.equal(rest(line), 'b1 a2 a3');
});

test('what waits no more is taken out, once', () => {
  const line = lineOf('a1', 'a2', 'b1');
  line.drop('a', 'a2');
  line.drop('a', 'a2');
  line.drop('b', 'b1');
  line.drop('c', 'c1');
  assert.equal(line.size, 1);
  assert.equal(rest(line), 'a1');
});
