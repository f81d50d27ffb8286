import { FUZZY_ALGORITHMS } from '../../../gateway/search/name-filter.ts';
import type { Parameter } from '../../openapi/operation.ts';
import { parameter, RANGE, SELECTORS } from '../../openapi/parameters.ts';
import { BOOLEAN, INTEGER, list, oneOfWords, STRING } from '../../openapi/schema.ts';

/** What all searches have in common. */
export const SEARCH_PARAMETERS: readonly Parameter[] = [
  SELECTORS,
  parameter('search[]', 'What results are like; one of the terms is enough.', list(STRING)),
  parameter('fuzz_alg', 'How terms are compared.', oneOfWords(...FUZZY_ALGORITHMS)),
  parameter('fuzz_threshold', 'Least score, in percent.', INTEGER),
  parameter('case_sensitive', 'Whether capital letters are others than small ones.', BOOLEAN),
  parameter('sort_by', 'In which order results come.', oneOfWords('alpha', 'score')),
  parameter('sort_dir', 'Whether that order is turned round.', oneOfWords('asc', 'dsc')),
  parameter('include_score', 'Whether results tell how well they match.', BOOLEAN),
  ...RANGE,
  parameter('limit', 'Most results; 100 where it is left out.', INTEGER),
  parameter('batch_size', 'Most results in one line; 100 where it is left out.', INTEGER),
];
