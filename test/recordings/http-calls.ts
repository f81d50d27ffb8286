import { RECORDED_RANGE } from './written-series.ts';

/** A call of the HTTP API; the path is not escaped, but for what is escaped on purpose. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
}

/** The path as it goes over the wire. */
export function urlPathOf(path: string): string {
  return encodeURI(path).replaceAll('%25', '%');
}

const START = RECORDED_RANGE.start / 1000;
const END = RECORDED_RANGE.end / 1000;
const RANGE = `start=${START}&end=${END}`;
const AT = START + 603;

function gets(paths: readonly string[]): readonly HttpCall[] {
  return paths.map((path) => ({ method: 'GET', path: `/api/v1/${path}` }));
}

/** Of a server that holds the written series. */
export const DATA_CALLS: readonly HttpCall[] = [
  ...gets([
    `labels?${RANGE}`,
    `labels?match[]=up&${RANGE}`,
    `labels?match[]=up{job="api"}&match[]=single&${RANGE}`,
    `labels?start=${END + 86_400}&end=${END + 90_000}`,
    'labels?match[]=)',
    'labels?start=never',
    `label/job/values?${RANGE}`,
    `label/job/values?match[]=errors_total&${RANGE}`,
    `label/__name__/values?${RANGE}`,
    `label/nothing/values?${RANGE}`,
    'label/%C3%28/values',
    `series?match[]=up&${RANGE}`,
    `series?match[]=up{job="db"}&match[]=memory_bytes{instance="1"}&${RANGE}`,
    `series?match[]=latency_native&${RANGE}`,
    `series?match[]={__name__=~"requests.*",instance!="0"}&${RANGE}`,
    `series?match[]=no_such_metric&${RANGE}`,
    'series',
    'series?match[]={}',
    'series?match[]=up&start=2&end=1',
    'series?match[]=up{',
    'query',
    'query?query=',
    'query?query=1',
    'query?query="text"',
    'query?query=1&time=abc',
    'query?query=1&time=1e400',
    'query?query=1&timeout=abc',
    'query?query=1&timeout=-1s',
    'query?query=up[5m',
    'query?query=sum(up) by',
    'query?query=rate(up)',
    'query?query=rate(up[5m], 1)',
    'query?query=nofunc(up)',
    'query?query=up{a=~"("}',
    'query?query={}',
    'query?query={job=""}',
    'query?query=1 and 1',
    'query?query=1 == 1',
    'query?query=up offset 5m offset 5m',
    'query?query=up[0m]',
    'query?query=up == bool',
    'query?query=sum(1)',
    'query?query=topk("a", up)',
    'query?query=count_values(1, up)',
    'query?query="a" %2B 1',
    'query?query=up %2B on(job) group_left(job) up',
    'query?query=up and on(job) group_left() up',
    'query?query=up{__name__="down"}',
    'query?query=up @ up',
    'query?query=1 2',
    'query?query=up{job="a"',
    'query?query="unclosed',
    'query?query=0x',
    'query?query=label_replace(up, "a", "b", "c")',
    `query?query=up&time=${AT}`,
    `query?query=memory_bytes{job="api"}&time=${AT}`,
    `query?query=memory_bytes{job="api"}&time=${AT}.5`,
    `query?query=memory_bytes{job="api"}[1m]&time=${AT}`,
    `query?query=latency_native{job="api"}&time=${AT}`,
    `query?query=latency_native{job="api"}[31s]&time=${AT}`,
    `query?query=histogram_count(latency_native)&time=${AT}`,
    `query?query=sum by (job) (requests_total)&time=${AT}`,
    `query?query=special[2m]&time=${AT}`,
    `query?query=topk(2, requests_total)&time=${AT}`,
    `query?query=sort_desc(requests_total)&time=${AT}`,
    `query?query=requests_total %2B on (job) memory_bytes&time=${AT}`,
    `query?query=up&time=2026-09-21T14:24:03Z`,
    'query?query=Inf',
    'query?query=-Inf',
    'query?query=NaN',
    'query?query=0.1%2B0.2',
    'query?query=1e21',
    'query?query=1e20',
    'query?query=123456789012345678',
    'query?query=-0',
    'query?query=1e-7',
    'query?query=1e-6',
    'query?query=5e-324',
    'query?query=vector(NaN)',
    'query_range?query=1',
    'query_range?query=1&start=0&end=10',
    'query_range?query=1&start=10&end=9&step=1',
    'query_range?query=1&start=0&end=10&step=0',
    'query_range?query=1&start=0&end=10&step=-1',
    'query_range?query=1&start=0&end=10&step=x',
    'query_range?query=1&start=0&end=11001&step=1',
    'query_range?query=up[5m]&start=0&end=10&step=1',
    'query_range?query="a"&start=0&end=10&step=1',
    'query_range?query=time()&start=8&end=10&step=500ms',
    'query_range?query=1e6*vector(1)&start=8&end=10&step=1',
    `query_range?query=memory_bytes{job="db"}&start=${AT}&end=${AT + 60}&step=15`,
    `query_range?query=rate(requests_total[2m14s])&start=${AT}&end=${AT + 600}&step=300`,
    `query_range?query=latency_native{job="db"}&start=${AT}&end=${AT + 60}&step=30`,
    `query_range?query=nothing&start=${AT}&end=${AT + 60}&step=30`,
    `query_range?query=special&start=${AT}&end=${AT + 60}&step=30`,
    'format_query?query=sum(rate(foo{a="b",c=~"d"}[5m]))by(job)/on(x)group_left(y)bar offset 5m',
    'format_query?query=histogram_quantile(0.9,sum by(le)(rate(foo_bucket{a!="b"}[5m:1m] @ end() offset -1m)))>bool 1',
    'format_query?query=-(a)^2%2Bvector(1)unless on()b',
    'format_query?query=sum(',
    `query_exemplars?query=up&${RANGE}`,
    'query_exemplars?query=sum(',
    'nope',
  ]),
  { method: 'POST', path: '/api/v1/query' },
  { method: 'DELETE', path: '/api/v1/query' },
  { method: 'GET', path: '/-/healthy' },
  { method: 'GET', path: '/-/ready' },
];

/** Of a server that scrapes a target and evaluates rules. */
export const STATE_CALLS: readonly HttpCall[] = gets([
  'rules',
  'rules?type=alert',
  'rules?type=record',
  'rules?type=other',
  'alerts',
  'targets',
  'targets?state=active',
  'targets?state=dropped',
  'metadata',
  'metadata?limit=0',
  'metadata?metric=basket_apples',
  'metadata?metric=no_such_metric',
  'metadata?limit=x',
  'targets/metadata',
  'targets/metadata?metric=basket_apples',
  'targets/metadata?match_target={job="nowhere"}',
  'status/tsdb',
]);
