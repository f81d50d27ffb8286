import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { labelValue, labelsFromRecord, mergeLabels } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { compileMatchers } from '../../../src/promql/match/compile.ts';
import { assertProperty } from '../../support/property.ts';
import { splitMatchers, type LabelledEndpoint } from '../../../src/select/routing/split-matchers.ts';

const external = labelsFromRecord({ env: 'prod' });
const plain: LabelledEndpoint = { externalLabels: external, ownLabels: new Set() };
const carrying: LabelledEndpoint = { externalLabels: external, ownLabels: new Set(['env']) };
const of = (kind: Matcher['kind'], value: string, name = 'env'): Matcher => ({ kind, name, value });

describe('matchers on an external label that no series carries', () => {
  it('are taken out where it fulfils them, and rule the endpoint out where it does not', () => {
    assert.deepEqual(splitMatchers([of('=', 'prod'), of('=', 'x', 'job')], plain), {
      sent: [of('=', 'x', 'job')],
      fulfilled: [of('=', 'prod')],
    });
    assert.equal(splitMatchers([of('!=', 'prod')], plain), undefined);
  });
});

describe('matchers on an external label that series carry themselves', () => {
  const sent = (matcher: Matcher) => splitMatchers([matcher], carrying)?.sent;

  it('reach series without the label of their own where the external one fulfils them', () => {
    assert.deepEqual(sent(of('=', 'prod')), [of('=~', 'prod|')]);
    assert.deepEqual(sent(of('=~', 'p.*|q')), [of('=~', '(?:p.*|q)|')]);
    assert.deepEqual(sent(of('!=', 'dev')), [of('!=', 'dev')]);
  });

  it('reach the series that carry a value that matches where the external one does not', () => {
    assert.deepEqual(sent(of('=', 'dev')), [of('=', 'dev')]);
    assert.deepEqual(sent(of('!=', 'prod')), [of('!=', 'prod'), of('!=', '')]);
  });

  it('rule the endpoint out where a series would have to carry no label', () => {
    assert.equal(splitMatchers([of('=', '')], carrying), undefined);
  });

  it('hold a value for a text and not for a pattern', () => {
    const dotted = { externalLabels: labelsFromRecord({ env: 'a.b' }), ownLabels: 'unknown' } as const;
    assert.deepEqual(splitMatchers([of('=', 'a.b')], dotted)?.sent, [of('=~', 'a\\.b|')]);
  });
});

it('what is sent and checked selects just the series that the matchers select with external labels on', () => {
  const value = fc.constantFrom('', 'prod', 'dev', 'p');
  const matcher = fc.record({
    kind: fc.constantFrom('=', '!=', '=~', '!~') as fc.Arbitrary<Matcher['kind']>,
    name: fc.constant('env'),
    value: fc.constantFrom('', 'prod', 'dev', 'p', 'p.*', 'dev|', 'p.*|', '.*', '.+', 'd(e|x)v'),
  });
  const property = fc.property(fc.array(matcher, { minLength: 1, maxLength: 3 }), value, (matchers, own) => {
    const stored = own === '' ? labelsFromRecord({ job: 'x' }) : labelsFromRecord({ job: 'x', env: own });
    const shown = mergeLabels(external, stored);
    assert.equal(labelValue(shown, 'env'), own === '' ? 'prod' : own);
    const split = splitMatchers(matchers, carrying);
    const found =
      split !== undefined && compileMatchers(split.sent)(stored) && compileMatchers(split.fulfilled)(shown);
    assert.equal(found, compileMatchers(matchers)(shown));
  });
  assertProperty(property, { numRuns: 2000, seed: 7 });
});
