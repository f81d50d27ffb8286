import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnnotationSink } from '../../src/model/annotations.ts';
import { lossText } from '../../src/model/loss-text.ts';
import { isMissing, isRefused, type Loss, type StandIn } from '../../src/model/loss.ts';

const failure = { kind: 'timeout', endpoint: 'b:1', reason: 'no complete answer within 0.35 s' } as const;

function replica(standIn: StandIn, reason: string = failure.reason): Loss {
  return { kind: 'replica', shard: '{}', failure: { ...failure, reason }, others: ['a:1'], standIn };
}

test('a loss that several reads meet is one, however its failure was worded', () => {
  const sink = new AnnotationSink();
  sink.add(replica({ kind: 'other' }));
  sink.add(replica({ kind: 'other' }, 'no complete answer within 0.344 s'));
  sink.add(replica({ kind: 'whole' }));
  assert.equal(sink.list().length, 2);
});

test('what a stand-in has is not missing; holes are, but they are no reason to refuse an answer', () => {
  const kinds: readonly (readonly [StandIn, missing: boolean, refused: boolean, text: RegExp])[] = [
    [{ kind: 'whole' }, false, false, /nothing is missing, its replica a:1 answered/],
    [{ kind: 'begins', at: 0 }, false, false, /has nothing before 1970-01-01T00:00:00.000Z itself/],
    [{ kind: 'away', from: 0, to: 1 }, true, true, /was away itself from 1970/],
    [{ kind: 'holes', from: 0, to: 1 }, true, false, /has holes: from 1970/],
    [{ kind: 'silent', reason: 'r' }, true, true, /did not tell whether it has gaps: r/],
    [{ kind: 'part', fraction: 0.6 }, true, true, /only 60 % of its targets/],
    [{ kind: 'other' }, true, true, /holds other ones/],
    [{ kind: 'unproven', because: 'too-many-targets' }, true, true, /too many targets to be compared/],
  ];
  for (const [standIn, missing, refused, text] of kinds) {
    const loss = replica(standIn);
    assert.deepEqual([isMissing(loss), isRefused(loss)], [missing, refused], standIn.kind);
    assert.match(lossText(loss), text);
  }
});
