import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hotFunctions } from './hot-functions.ts';

function node(id: number, functionName: string, url = '') {
  return { id, callFrame: { functionName, url, lineNumber: 6 } };
}

test('the time of a function is that until the next sample, over all of its nodes, without waiting', () => {
  const text = hotFunctions(
    {
      nodes: [
        node(1, '(idle)'),
        node(2, 'decode', 'file:///dist/main.js'),
        node(3, 'encode'),
        node(4, 'encode'),
      ],
      samples: [1, 2, 3, 4, 1],
      timeDeltas: [0, 5000, 1000, 1500, 1500],
    },
    10,
  );
  const [, , ...rows] = text.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
  assert.deepEqual(rows, ['| encode | 3.0 | 75.0 |', '| decode main.js:7 | 1.0 | 25.0 |']);
});
