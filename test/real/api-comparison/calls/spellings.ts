import { get, post, type Call } from '../ask.ts';
import { AT, FROM, TO } from './queries.ts';

const RANGE = `start=${FROM}&end=${TO}`;

/** Expressions in spellings that are seldom met. */
const EXPRESSIONS = [
  'up[1h30m5s10ms]',
  'up offset -1w',
  'up offset 1y1d',
  'up[1m:]',
  'up[1h:7m30s]',
  'up @ 1790000603.5',
  'up[30m1h]',
  'up offset 1m offset 2m',
  'up[5m] offset 5m @ 1790000603',
  'up @ start()',
  'up @ end() offset 1m',
  '{job=~""}',
  '{job!=""}',
  '{job!~".+"}',
  'up{job=""}',
  'up{job!="",job!=""}',
  '{__name__=""}',
  '{__name__!=""}',
  '{__name__=~".+"}',
  '{__name__="up",__name__!="x"}',
  "up{job='api'}",
  'up{job=`api`}',
  'up{}',
  'up{job="api",}',
  'up{,}',
  '(up)',
  '((1))',
  '1 / 0',
  '-1 / 0',
  '0 / 0',
  '1e400',
  '0x1F',
  '.5',
  '5.',
  '08',
  '+inf',
  'NaN == bool NaN',
  '2 ^ 3 ^ 2',
  '-2 ^ 2',
  '-5 % 3',
  '1 atan2 2',
  '"a" == "b"',
  'vector(1)[5m:1m]',
  'avg by (job) up',
  'sum without() (up)',
  'clamp(up, 2, 1)',
  'topk(1.5, up)',
  'bottomk(-1, up)',
  'predict_linear(up[5m], 60)',
  'day_of_week()',
  'hour(vector(0))',
];

/** Those that version 3 alone understands, or answers in this way. */
const NEW_EXPRESSIONS = [
  'quantile_over_time(2, up[5m])',
  'avg(up) by (job)',
  'up[1m30]',
  'up[1.5h]',
  'up[5]',
  'up offset 0.5',
  'up[0s]',
  'up[-5m]',
  'up offset (1m)',
  'up[5m+1m]',
  'up[step()]',
  '1_000',
  '{"http.name"}',
  '{"http.name", "a.b"="x"}',
  'up{"job"="api"}',
  'up{"__name__"="x"}',
  'sum by ("job") (up)',
  'label_replace(up, "a.b", "$1", "job", "(.*)")',
  'label_join(up, "é", "-", "job", "instance")',
  'count_values("a b", up)',
  'absent({"x.y"="z"})',
  'sum_over_time(up[5m:1ms])',
  'holt_winters(memory_bytes[5m], 0.5, 0.5)',
];

const STEPS = [
  '1h30m',
  '1d12h',
  '90m',
  '1w',
  '5400',
  '5400.5',
  '0x1000',
  '1h 30m',
  '+60',
  '-60',
  '1H',
  '60s5ms',
  '1m1m',
  '5m1h',
];

const MOMENTS = [
  '2026-09-21T14:24:03.123456789Z',
  '2026-09-21t14:24:03z',
  '2026-09-21T14:24:03+0200',
  '2026-09-21T14:24:60Z',
  '2026-09-21 14:24:03Z',
  '1790000603.',
  '.5',
  '1790000603e0',
  '1790000603.9999999',
  '+1790000603',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
];

const query = (text: string): Call => get(`/api/v1/query?query=${encodeURIComponent(text)}&time=${AT}`);

export const SPELLING_CALLS: readonly Call[] = [
  ...EXPRESSIONS.map(query),
  ...STEPS.map((step) => get(`/api/v1/query_range?query=up&${RANGE}&step=${encodeURIComponent(step)}`)),
  ...MOMENTS.map((time) => get(`/api/v1/query?query=up&time=${encodeURIComponent(time)}`)),
  ...['series', 'labels'].flatMap((list) => [
    post(`/api/v1/${list}?match[]=up&${RANGE}`, 'match[]=requests_total'),
    post(`/api/v1/${list}?start=x`, `match[]=up&${RANGE}`),
    post(`/api/v1/${list}`, `match[]=up&${RANGE}&start=x`),
  ]),
  get(`/api/v1/query_exemplars?query=up&${RANGE}`),
  post('/api/v1/query_exemplars?query=up', RANGE),
  post('/api/v1/query_exemplars', 'query=up&start=2026-09-21T14:24:03Z&end=2026-09-21T15:24:03.5Z'),
];

/** What version 3 alone answers in this way. */
export const NEW_SPELLING_CALLS: readonly Call[] = [
  ...NEW_EXPRESSIONS.map(query),
  ...['series', 'labels'].flatMap((list) => [
    post(`/api/v1/${list}?limit=1&${RANGE}`, 'match[]=up&limit=2'),
    post(`/api/v1/${list}`, `match%5B%5D=%7B%22http.name%22%7D&${RANGE}`),
    post(`/api/v1/${list}`, `match[]={"dotted.label"!=""}&${RANGE}`),
    get(`/api/v1/${list}?match[]={job!=""}&${RANGE}&limit=1`),
    get(`/api/v1/${list}?match[]={__name__!=""}&match[]=up&${RANGE}&limit=3`),
  ]),
  get(`/api/v1/label/__name__/values?match[]={"http.name"}&${RANGE}`),
  get(`/api/v1/label/dotted.label/values?match[]={__name__!=""}&${RANGE}&limit=1`),
];
