import { get, post, type Call } from '../ask.ts';
import { FROM, TO } from './queries.ts';

const RANGE = `start=${FROM}&end=${TO}`;

const QUESTIONS = [
  '',
  'search[]=req',
  'search[]=up&search[]=mem',
  'search[]=REQ',
  'search[]=REQ&case_sensitive=false',
  'search[]=REQ&case_sensitive=true',
  'search[]=',
  'search[]=%ff',
  'search[]=rqst&fuzz_alg=subsequence',
  'search[]=rqst&fuzz_alg=jarowinkler&fuzz_threshold=70',
  'search[]=up&sort_by=score&include_score=true',
  'search[]=up&include_score=true',
  'include_score=x',
  'include_metadata=true',
  'case_sensitive=x',
  'fuzz_alg=x',
  'fuzz_threshold=x',
  'fuzz_threshold=101',
  'fuzz_threshold=-1',
  'sort_by=alpha',
  'sort_by=score',
  'sort_by=x',
  'sort_by=alpha&sort_dir=dsc',
  'sort_by=alpha&sort_dir=desc',
  'sort_dir=x',
  'sort_dir=asc',
  'limit=1',
  'limit=1&limit=2',
  'limit=0',
  'limit=-1',
  'limit=x',
  'limit=99999',
  'batch_size=1',
  'batch_size=0',
  'batch_size=-1',
  'batch_size=x',
  'match[]=up',
  'match[]={job="api"}',
  'match[]=up{',
  'match[]={}',
];

/** Calls of the search, which a server has since 3.14, by a flag. */
export const SEARCH_CALLS: readonly Call[] = [
  ...['metric_names', 'label_names', 'label_values'].flatMap((call) =>
    [...QUESTIONS.map((question) => `${RANGE}&${question}`), 'start=x', 'end=x', 'start=5&end=1'].map(
      (question) => get(`/api/v1/search/${call}?${call === 'label_values' ? 'label=job&' : ''}${question}`),
    ),
  ),
  ...['', 'label=', 'label=nothing', 'label=__name__&search[]=re', 'label=U__job', 'label=%ff'].map((label) =>
    get(`/api/v1/search/label_values?${RANGE}&${label}`),
  ),
  post('/api/v1/search/metric_names', `search[]=up&${RANGE}`),
  post(`/api/v1/search/metric_names?${RANGE}`, 'search[]=up'),
  { method: 'HEAD', path: '/api/v1/search/metric_names' },
  { method: 'DELETE', path: '/api/v1/search/metric_names' },
];
