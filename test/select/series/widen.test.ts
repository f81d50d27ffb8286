import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import type { SeriesGroup } from '../../../src/select/reading/replica-data.ts';
import { matchersFor } from '../../../src/select/series/widen.ts';

function groups(...labels: Readonly<Record<string, string>>[]): readonly Pick<SeriesGroup, 'labels'>[] {
  return labels.map((each) => ({ labels: labelsFromRecord(each) }));
}

function texts(matchers: readonly Matcher[]): readonly string[] {
  return matchers.map(({ kind, name, value }) => `${name}${kind}${value}`);
}

describe('the matchers of a second read', () => {
  it('name the values that the series have, and a label that some lack', () => {
    const found = matchersFor(groups({ job: 'a.b' }, { job: 'c', zone: 'x' }), new Set(), []);
    assert.deepEqual(texts(found).toSorted(), ['job=~a\\.b|c', 'zone=~x|']);
  });

  it('leave out a label that is merged, of which each replica has another value', () => {
    const found = matchersFor(groups({ job: 'a', replica: 'r-0' }), new Set(['replica']), []);
    assert.deepEqual(texts(found), ['job=a']);
  });

  it('leave out a label that is matched as a text already, and keep one that is matched as a pattern', () => {
    const matched: readonly Matcher[] = [
      { kind: '=', name: '__name__', value: 'g' },
      { kind: '=~', name: 'job', value: '.+' },
    ];
    const found = matchersFor(groups({ __name__: 'g', job: 'a' }), new Set(), matched);
    assert.deepEqual(texts(found), ['job=a']);
  });

  it('leave out a label with more values than a matcher should list', () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ job: 'a', pod: `p${i}` }));
    assert.deepEqual(texts(matchersFor(groups(...many), new Set(), [])), ['job=a']);
  });
});
