import type { Aspect, Difference } from './compare.ts';

/** In what the gateway answers otherwise than a real server, and why. */
export interface Reason {
  readonly reason: string;
  /** Which calls, by their names. */
  readonly call: RegExp;
  /** All where it is left out. */
  readonly aspects?: readonly Aspect[];
  /** What the gateway says instead, where that follows from what the server says. */
  readonly becomes?: (expected: unknown) => unknown;
  /** What the server says varies, so in some runs there is no difference. */
  readonly isByChance?: true;
}

const FAILURE: readonly Aspect[] = ['status', 'errorType', 'error', 'body', 'x-content-type-options'];
/** Headers that an answer of another kind has as well. */
const KIND: readonly Aspect[] = [...FAILURE, 'content-type', 'vary', 'allow', 'location'];

const list = (text: unknown): readonly string[] => (typeof text === 'string' ? text.split(', ') : []);
const including =
  (...more: readonly string[]) =>
  (expected: unknown): string =>
    [...new Set([...list(expected), ...more])].toSorted().join(', ');

/** Beside every real server. */
export const ALWAYS: readonly Reason[] = [
  {
    reason:
      'samplesRead is not told, since what is read of replicas is no measure of a query; what came from endpoints is told, and whether something is missing',
    call: /&stats=/,
    aspects: ['body'],
    becomes: (expected) =>
      String(expected)
        .replace(/,"samplesRead":\d+/, '')
        .replace(
          /"samples":\{[^}]*\}/,
          '$&,"completeness":{"state":"whole","warnings":0},"fetched":"changing"',
        ),
  },
  {
    reason: 'no answer is to be taken for a page or a script by a browser, also where users show credentials',
    call: /^/,
    aspects: ['x-content-type-options'],
    becomes: () => 'nosniff',
  },
  {
    reason: 'what answers GET answers HEAD, so that monitors may ask cheaply',
    call: /^HEAD \/+(?:api|federate)/,
    aspects: [...KIND, 'content-encoding'],
  },
  {
    reason: 'as above, which the header Allow tells',
    call: /^(?!HEAD)/,
    aspects: ['allow'],
    becomes: (expected) => including('HEAD')(expected),
  },
  {
    reason: 'small answers fit into one packet, and are not compressed',
    call: /accept-encoding: gzip/,
    aspects: ['content-encoding'],
  },
  {
    reason: 'pages may read which data an answer without envelope lacks',
    call: /origin: http/,
    aspects: ['access-control-expose-headers'],
    becomes: () => 'Date, x-promweave-warnings',
  },
  {
    reason: 'NaN and infinities are no times: what Prometheus makes of them depends on the processor',
    call: /[?&](?:time|start|end)=(?:NaN|-?[Ii]nf)/,
    aspects: KIND,
  },
  {
    reason:
      'times that no int64 of milliseconds holds are the last or the first ones, and do not wrap around',
    call: /[?&](?:start|end)=-?1e300/,
    aspects: FAILURE,
  },
  {
    reason: 'a parameter that cannot be read is an error, and is not left out',
    call: /%zz|%ff|up%&|;limit=|multipart\/form-data$/,
    aspects: KIND,
  },
  {
    reason: 'a body of an unknown kind is an error, and is not left out',
    call: /\| content-type: (?:a b\/c d)?$/,
    aspects: KIND,
  },
  {
    reason:
      'a query whose time is over before it began is out of time; Prometheus answers with one of three errors',
    call: /&timeout=(?:-1|0)$/,
    aspects: FAILURE,
    isByChance: true,
  },
  {
    reason: 'bytes that are no text stand as the character for that, and not as its escape',
    call: /%5Cxff/,
    aspects: ['body'],
    becomes: (expected) => String(expected).replace(String.raw`\ufffd`, '\ufffd'),
  },
  {
    reason: 'federation of nothing, or of all series of all servers, is a mistake',
    call: /^GET \/federate(?:$|\?match=up|\?match\[\]=\{(?:job="")?\}$)/,
    aspects: KIND,
  },
  {
    reason: 'scrapers that want OpenMetrics get it',
    call: /^GET \/federate.*openmetrics/,
    aspects: ['content-type', 'body'],
  },
  {
    reason: 'it tells what is wrong with the message, as with that of any call',
    call: /^POST \/api\/v1\/read(?! \| (?:nothing|with|of an unknown version|an unknown form of answer, or))/,
    aspects: ['body', 'vary'],
  },
  {
    reason: 'a matcher that cannot be one is the mistake of the caller, and its answer is no block of snappy',
    call: /^POST \/api\/v1\/read \| (?:an unknown kind of matcher|a pattern that is none)/,
    aspects: ['status', 'content-encoding'],
  },
  {
    reason: 'a body that is said to be encoded in another way is not read as if it were not',
    call: /^POST \/api\/v1\/read \| said to be gzip/,
    aspects: ['status', 'content-type', 'content-encoding'],
  },
  {
    reason: 'so long a body is not read, and its first part is not taken for a broken message',
    call: /^POST \/api\/v1\/read \| a body that is too large/,
    aspects: ['status'],
  },
  {
    reason: 'any text is the name of a label here; slashes in it are escaped',
    call: /^(?:GET|HEAD) \/api\/v1\/label(?:\/(?:a%2Fb|\.\.?)\/|%2F)/,
  },
  {
    reason: 'malformed paths never reach Prometheus; here they are answered in the envelope',
    call: /^(?:GET|HEAD) \/(?:api\/v1\/)?(?:label\/)?%(?:zz|ff|C3%28|\/|$)?/,
    aspects: KIND,
  },
  {
    reason:
      'Prometheus leads paths that end in a slash, are empty or in other letters to addresses that it does not have',
    call: /^(?:GET|HEAD) \/(?:api\/v1(?:\/label\/job\/values\/|\/labels\/|\/query\/|\/QUERY|\/%2e%2e|\/label\/\/|$)|federate\/|metrics\/)/,
  },
  {
    reason:
      'clients drop the form of a POST where they are led elsewhere, so doubled slashes are as good as single ones',
    call: /^(?:GET|HEAD) \/(?:\/api|api\/\/)/,
  },
  {
    reason: 'dots in paths lead elsewhere for good and for every method',
    call: /^(?:GET|HEAD) \/api\/v1\/(?:x\/\.\.|\.)\/query/,
    aspects: ['status', 'content-type', 'body'],
  },
  {
    reason: 'lifecycle calls are POST or PUT alone',
    call: / \/-\/(?:reload|quit)/,
    aspects: ['allow'],
    becomes: () => 'OPTIONS, POST, PUT',
  },
  {
    reason: 'another server says the same in its own words',
    call: /^(?:GET \/-\/(?:healthy|ready)|PUT \/-\/(?:reload|quit))/,
    aspects: ['body', 'x-content-type-options'],
  },
  {
    reason: 'methods that no path has are unknown altogether',
    call: /^(?:PROPFIND|OPTIONS \*)/,
  },
  {
    reason: 'nothing is stored here',
    call: /\/api\/v1\/(?:status\/(?:tsdb\/blocks|walreplay|self_metrics)|admin)/,
  },
  {
    reason: 'nobody may look into the process, and there is no page with an icon',
    call: /\/(?:debug|favicon)/,
  },
  {
    reason: 'it tells of another server',
    call: /^GET \/api\/v1\/(?:status\/(?:config|flags|buildinfo|runtimeinfo)|features|openapi\.yaml|notifications)/,
    aspects: ['body', 'vary'],
  },
];

/** Beside Prometheus 3.14 alone. */
export const OF_314: readonly Reason[] = [
  {
    reason: 'the most that a search lists is no setting here',
    call: /\/api\/v1\/search\/.*&limit=99999/,
    aspects: ['error'],
    becomes: () => 'limit 99999 exceeds the maximum (10000); search for something narrower',
  },
  {
    reason: 'answers of the search are compressed as all others are',
    call: /\/api\/v1\/search\//,
    aspects: ['vary'],
    becomes: (expected) => including('Accept-Encoding')(expected),
  },
  {
    reason: 'the header Vary stands for all answers of a path, so those to wrong methods have it, too',
    call: /^(?:DELETE|PUT|PATCH|POST|TRACE|PROPFIND|GET) \/api\/v1/,
    aspects: ['vary'],
    becomes: (expected) => including('Origin')(expected),
  },
  {
    reason: 'such an answer has no content that could be encoded',
    call: /^OPTIONS \/api\/v1|query_exemplars\?query=1$/,
    aspects: ['vary'],
    becomes: () => 'Origin',
  },
  {
    reason: 'the format of an answer for scrapers depends on the header Accept, which caches must know',
    call: /^(?:GET|HEAD) \/federate/,
    aspects: ['vary'],
    becomes: (expected) => including('Accept', 'Accept-Encoding')(expected),
  },
  {
    reason: 'pages of any origin may read the answers, which is the same without naming one',
    call: /origin: http/,
    aspects: ['access-control-allow-origin'],
    becomes: () => '*',
  },
];

/** Beside Prometheus 2.42 alone: what has changed since. */
export const OF_242: readonly Reason[] = [
  {
    reason: 'names are searched since 3.14',
    call: /\/api\/v1\/search/,
  },
  {
    reason: 'answers depend on the encodings that a client takes, and are told to',
    call: /./,
    aspects: ['vary'],
  },
  {
    reason: 'expressions are parsed, notifications listed, features named since 3.0',
    call: /\/api\/v1\/(?:parse_query|notifications|features|openapi|scrape_pools)/,
  },
  {
    reason: 'lists and answers have limits since 2.52',
    call: /[?&]limit=/,
  },
  {
    reason: 'a request may have a lookback delta of its own since 2.43',
    call: /lookback_delta=/,
  },
  {
    reason: 'names may be any text since 3.0',
    call: /%7B%22|\/label\/(?:U__|dotted|a-b|0|%C3%A9|a%20b|a\+b|%00)/,
  },
  {
    reason: 'there is no position in an empty text',
    call: /(?:match\[\]=|query)/,
    aspects: ['error', 'body'],
    becomes: (expected) => String(expected).replace('1:1: parse error', 'unknown position: parse error'),
  },
  {
    reason: 'problems of regular expressions are told without the anchors',
    call: /=?~|%3D~/,
    aspects: ['error'],
    becomes: (expected) => String(expected).replace(/`\^\(\?:(.*)\)\$`/, '`$1`'),
  },
  {
    reason: 'the parameter is named for errors that show when the query begins, too',
    call: /\/query_range\?/,
    aspects: ['error'],
    becomes: (expected) =>
      `invalid parameter "query": ${String(expected).replace('1:1: parse error', 'unknown position: parse error')}`,
  },
  {
    reason: 'remarks on queries stand beside answers since 2.48, and one on such statistics since 3.12',
    call: /query=(?:rate\(memory|quantile\(2)|stats=(?:false|x)/,
    aspects: ['body'],
  },
  {
    reason: 'parameters of topk may be any number since 3.0',
    call: /query=topk\(NaN/,
    aspects: ['error'],
  },
  {
    reason: 'rules are filtered and listed in pages since 3.0',
    call: /\/rules\?/,
  },
  {
    reason: 'targets are filtered by pool, and dropped ones are counted, since 2.49',
    call: /\/targets/,
    aspects: ['body'],
  },
  {
    reason: 'series cannot be deleted by this path since 3.0',
    call: /\/api\/v1\/series/,
    aspects: KIND,
  },
  {
    reason: 'scrapers tell how names are to be escaped since 3.0',
    call: /\/federate/,
    aspects: ['content-type'],
  },
  {
    reason: 'limits of metadata by metric are known since 2.45',
    call: /limit_per_metric/,
  },
];

/** Whether a reason is one for this difference of this call. */
export function explains(
  { call, aspects, becomes }: Reason,
  name: string,
  { aspect, expected, actual }: Difference,
): boolean {
  if (!call.test(name)) return false;
  if (aspects !== undefined && !aspects.includes(aspect)) return false;
  return becomes === undefined || becomes(expected) === actual;
}
