import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiResponse } from '../../recorded/corpus.ts';
import { comparable, compareGateways, directProblem, type AskAgain, type Verdict } from './judge.ts';

const TIME = 1000;

function vector(...values: readonly (readonly [job: string, value: string])[]): ApiResponse {
  const result = values.map(([job, value]) => ({ metric: { job }, value: [TIME, value] as const }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

const questionOf = (query: string): { query: string; start: number; end: number; step: number } => ({
  query,
  start: TIME * 1000,
  end: TIME * 1000,
  step: 0,
});

/** Answers by the text of the query, and otherwise what nothing may be asked for. */
const answering =
  (answers: Readonly<Record<string, ApiResponse>>): AskAgain =>
  async ({ query }, { pushdown = '' }) =>
    answers[`${query} ${pushdown}`.trim()] ?? assert.fail(`asked for ${query} ${pushdown}`);

async function verdict(
  query: string,
  full: ApiResponse,
  plain: ApiResponse,
  { mayHaveParts = true, ofFull = {}, ofPlain = {} } = {},
): Promise<Verdict['kind']> {
  const { kind } = await compareGateways(
    questionOf(query),
    full,
    plain,
    mayHaveParts,
    answering(ofFull),
    answering(ofPlain),
  );
  return kind;
}

test('without parts that servers computed every bit counts', async () => {
  const [one, other] = [vector(['a', '1']), vector(['a', '1.0000000000000002'])];
  assert.equal(await verdict('sum(x)', one, one, { mayHaveParts: false }), 'same');
  assert.equal(await verdict('sum(x)', one, other, { mayHaveParts: false }), 'different');
  assert.equal(
    await verdict('sum(x)', vector(['a', '0']), vector(['a', '-0']), { mayHaveParts: false }),
    'different',
  );
  assert.equal(await verdict('max(x)', one, other), 'different');
});

test('sums of parts may differ in their last digits', async () => {
  assert.equal(await verdict('sum(x)', vector(['a', '1']), vector(['a', '1.0000000000000002'])), 'nearly');
  assert.equal(
    await verdict('stddev(max by (job) (x))', vector(['a', '1']), vector(['a', '1.0000000000000002'])),
    'nearly',
  );
  assert.equal(
    await verdict('stddev(max by (job) (x))', vector(['a', '1']), vector(['a', '1.1'])),
    'different',
  );
});

test('what cancels out is held against the greatest of what was added, and only where nothing else explains it', async () => {
  const [full, plain] = [vector(['a', '1e-7']), vector(['a', '2e-7'])];
  const query = 'sum by (job) (x)';
  const ask = async (greatest: string, unpushed: ApiResponse): Promise<Verdict['kind']> =>
    verdict(query, full, plain, {
      ofFull: { [`${query} off`]: unpushed, [query]: full },
      ofPlain: {
        [query]: plain,
        'max by (job) (x)': vector(['a', greatest]),
        'min by (job) (x)': vector(['a', '-1']),
      },
    });
  assert.equal(await ask('1e6', plain), 'carried');
  assert.equal(await ask('1e4', plain), 'different');
  assert.equal(await ask('1e6', full), 'different');
});

test('errors have to be the same, but for the duplicates that they name', () => {
  const error = (text: string): ApiResponse =>
    comparable({ status: 'error', errorType: 'execution', error: text });
  const duplicates = (which: string): ApiResponse =>
    error(`found duplicate series for the match group {${which}} on the right hand-side;many-to-many`);
  const question = questionOf('x');
  assert.equal(directProblem(question, duplicates('a="1"'), duplicates('a="2"')), undefined);
  assert.notEqual(directProblem(question, error('one'), error('other')), undefined);
  assert.notEqual(directProblem(question, error('one'), vector()), undefined);
});

test('scalars and texts are compared, too', () => {
  const plainly = (resultType: string, text: string): ApiResponse =>
    comparable({
      status: 'success',
      data: { resultType, result: [TIME, text] as unknown as NonNullable<ApiResponse['data']>['result'] },
    });
  for (const type of ['scalar', 'string']) {
    assert.equal(directProblem(questionOf('x'), plainly(type, '1'), plainly(type, '1')), undefined);
    assert.notEqual(directProblem(questionOf('x'), plainly(type, '1'), plainly(type, '2')), undefined);
  }
  assert.notEqual(directProblem(questionOf('x'), plainly('string', 'a'), plainly('string', 'b')), undefined);
});

test('labels that count_values makes may differ in their last digits', () => {
  const labelled = (job: string): ApiResponse => vector([job, '1']);
  const problem = (query: string, one: string, other: string): string | undefined =>
    directProblem(questionOf(query), labelled(one), labelled(other));
  assert.equal(
    problem('count_values("job", cos(x))', '-0.05597911970228252', '-0.05597911970228251'),
    undefined,
  );
  assert.notEqual(problem('count_values("job", cos(x))', '-0.05597911970228252', '-0.0559791197'), undefined);
  assert.notEqual(problem('x', '-0.05597911970228252', '-0.05597911970228251'), undefined);
});

test('the order counts where the query asks for one, and equal values may stand in any', () => {
  const [up, down] = [vector(['a', '1'], ['b', '2']), vector(['b', '2'], ['a', '1'])];
  assert.equal(directProblem(questionOf('x'), up, down), undefined);
  for (const query of ['sort(x)', '(sort_desc(x))', 'sort_by_label(x, "job")', 'topk(2, x)'])
    assert.match(directProblem(questionOf(query), up, down) ?? '', /order/);
  const [one, other] = [vector(['a', '1'], ['b', '1']), vector(['b', '1'], ['a', '1'])];
  assert.equal(directProblem(questionOf('sort(x)'), one, other), undefined);
});
