import { FUZZY_ALGORITHMS, type NamePattern } from '../../../gateway/search/name-filter.ts';
import type { NameOrder } from '../../../gateway/search/best-names.ts';
import type { NameSearch } from '../../../gateway/search/find-names.ts';
import { messageOf, QueryError } from '../../../model/errors.ts';
import { quote } from '../../../model/quote.ts';
import type { Form } from '../../parameters/form.ts';
import { parseInteger } from '../../parameters/limits.ts';
import { parseBoolean, readText } from '../../parameters/read-parameter.ts';
import { parseTime } from '../../parameters/time.ts';

/** What Prometheus takes where a request says nothing else. */
const USUAL_RANGE_MS = 3_600_000;
const USUAL_LIMIT = 100;
const USUAL_BATCH = 100;

/** Prometheus' own limit, where its flag says nothing else. */
const MOST_RESULTS = 10_000;
const MOST_TERMS = 32;
/** Prometheus has no limit here. Comparing takes the length of a term times that of a value. */
const LONGEST_TERM = 1000;

/** What a request searches, and in which form it wants the results. */
export interface SearchRequest {
  readonly search: Omit<NameSearch, 'label' | 'withMetadata'>;
  readonly batchSize: number;
  readonly includeScore: boolean;
}

/** Reads what all searches have in common. Throws `bad_data` with its sentences (web/api/v1/search.go). */
export function readSearch(form: Form, endpoint: string, now: number): SearchRequest {
  const minTime = readTime(form, 'start', now - USUAL_RANGE_MS);
  const maxTime = readTime(form, 'end', now);
  if (maxTime < minTime) throw mistake('end timestamp must not be before start timestamp');
  const terms = readTerms(form);
  const pattern = readPattern(form, terms);
  const includeScore = readSwitch(form, 'include_score', false);
  const order = readOrder(form, terms, endpoint);
  const limit = readCount(form, 'limit', USUAL_LIMIT);
  if (limit > MOST_RESULTS)
    throw mistake(`limit ${limit} exceeds the maximum (${MOST_RESULTS}); search for something narrower`);
  return {
    search: { among: { selectors: form.all('match[]'), minTime, maxTime }, pattern, order, limit },
    batchSize: readCount(form, 'batch_size', USUAL_BATCH),
    includeScore,
  };
}

export function readSwitch(form: Form, name: string, usual: boolean): boolean {
  const text = readText(form, name);
  if (text === '') return usual;
  try {
    return parseBoolean(text);
  } catch (error) {
    throw mistake(`invalid ${name} ${quote(text)}: must be boolean`, error);
  }
}

/** Unlike those of other calls, these times are not called invalid parameters. */
function readTime(form: Form, name: string, usual: number): number {
  const text = readText(form, name);
  if (text === '') return usual;
  try {
    return parseTime(text);
  } catch (error) {
    throw mistake(`invalid time value for '${name}': ${messageOf(error)}`, error);
  }
}

function readTerms(form: Form): readonly string[] {
  const terms = form.all('search[]');
  if (terms.length > MOST_TERMS)
    throw mistake(`too many search[] terms: got ${terms.length}, maximum is ${MOST_TERMS}`);
  const long = terms.find((term) => term.length > LONGEST_TERM);
  if (long !== undefined)
    throw mistake(
      `a term in search[] has ${long.length} characters, and the most that is read is ${LONGEST_TERM}`,
    );
  return terms;
}

function readPattern(form: Form, terms: readonly string[]): NamePattern {
  const percent = readText(form, 'fuzz_threshold');
  const threshold = percent === '' ? 0 : Number(numberIn(percent));
  if (!(threshold >= 0 && threshold <= 100))
    throw mistake(`invalid fuzz_threshold ${quote(percent)}: must be 0-100`);
  const name = readText(form, 'fuzz_alg');
  const algorithm = FUZZY_ALGORITHMS.find((each) => each === (name || FUZZY_ALGORITHMS[0]));
  if (algorithm === undefined)
    throw mistake(`unsupported fuzz_alg ${quote(name)}: must be one of [${FUZZY_ALGORITHMS.join(' ')}]`);
  const caseSensitive = readSwitch(form, 'case_sensitive', true);
  return { terms, algorithm, threshold: threshold / 100, caseSensitive };
}

function readOrder(form: Form, terms: readonly string[], endpoint: string): NameOrder {
  const by = readText(form, 'sort_by');
  const direction = readText(form, 'sort_dir');
  if (direction !== '' && by === '') throw mistake('sort_dir is only valid when sort_by is set');
  if (direction !== '' && by === 'score') throw mistake('sort_dir is not supported for sort_by=score');
  if (!['', 'asc', 'dsc'].includes(direction))
    throw mistake(`invalid sort_dir ${quote(direction)}: must be "asc" or "dsc"`);
  if (by === 'score' && terms.length === 0) throw mistake('sort_by=score requires search[] to be set');
  if (!['', 'alpha', 'score'].includes(by))
    throw mistake(`invalid sort_by ${quote(by)} for ${endpoint}: must be "alpha" or "score"`);
  if (by === 'score') return 'score';
  return direction === 'dsc' ? 'descending' : 'ascending';
}

function readCount(form: Form, name: string, usual: number): number {
  const text = readText(form, name);
  if (text === '') return usual;
  const count = Number(numberIn(text));
  if (!(count > 0)) throw mistake(`invalid ${name} ${quote(text)}: must be a positive integer`);
  return count;
}

/** NaN where it is none. */
function numberIn(text: string): bigint | number {
  const number = parseInteger(text, 64);
  return typeof number === 'string' ? Number.NaN : number;
}

function mistake(message: string, cause?: unknown): QueryError {
  return new QueryError('bad_data', message, { cause });
}
