import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../src/cli/command.ts';
import { oneArgument } from '../../src/cli/one-argument.ts';

const COMMAND: Command = {
  name: 'look',
  aliases: [],
  summary: 'Looks at a thing.',
  usage: 'promweave look THING',
  flags: [{ name: 'width', kind: 'number', help: 'How wide.' }],
  run: async () => 0,
};
const HELP = /^Usage: promweave look THING/;

function given(...args: readonly string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const result = oneArgument(COMMAND, args, {
    out: (text) => void out.push(text),
    error: (text) => void error.push(text),
  });
  return { result, out: out.join(''), error: error.join('') };
}

test('one argument is given back with the flags, and nothing is said', () => {
  const { result, out, error } = given('--width=5', 'thing');
  assert.ok(typeof result === 'object');
  assert.equal(result.argument, 'thing');
  assert.equal(result.parsed.values.get('width'), 5);
  assert.equal(out + error, '');
});

test('none and several are a mistake, which the help answers', () => {
  for (const args of [[], ['a', 'b']]) {
    const { result, out, error } = given(...args);
    assert.equal(result, 1);
    assert.equal(out, '');
    assert.match(error, HELP);
  }
});

test('who asks for the help gets it, whatever else is there', () => {
  for (const args of [['--help'], ['thing', '--help']]) {
    const { result, out, error } = given(...args);
    assert.equal(result, 0);
    assert.match(out, HELP);
    assert.equal(error, '');
  }
});
