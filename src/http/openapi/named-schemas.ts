import { INTEGER, list, map, NUMBER, object, oneOfWords, ref, STRING, tuple, type Schema } from './schema.ts';

/** What many answers are made of, by the names in the document. */
export const NAMED_SCHEMAS: Readonly<Record<string, Schema>> = {
  Time: { description: 'RFC 3339, or seconds since the epoch.', type: ['string', 'number'] },
  Duration: { description: 'Such as 5m or 1h30m, or seconds.', type: ['string', 'number'] },
  Labels: map(STRING),
  Instant: { type: 'string', format: 'date-time' },
  Remarks: { ...list(STRING), description: 'Of warnings, losses come first.' },
  Sample: { ...tuple(NUMBER, STRING), description: 'Seconds since the epoch, and a value as a text.' },
  Histogram: object({
    count: STRING,
    sum: STRING,
    'buckets?': { ...list(tuple(INTEGER, STRING, STRING, STRING)), description: 'Bounds, and counts.' },
  }),
  HistogramSample: tuple(NUMBER, ref('Histogram')),
  QueryResult: {
    oneOf: [
      resultOf('vector', list(seriesOf({ 'value?': ref('Sample'), 'histogram?': ref('HistogramSample') }))),
      resultOf(
        'matrix',
        list(seriesOf({ 'values?': list(ref('Sample')), 'histograms?': list(ref('HistogramSample')) })),
      ),
      resultOf('scalar', ref('Sample')),
      resultOf('string', ref('Sample')),
    ],
  },
  Stats: object({
    timings: { ...map(NUMBER), description: 'Seconds.' },
    samples: object({
      totalQueryableSamples: INTEGER,
      peakSamples: INTEGER,
      'totalQueryableSamplesPerStep?': list(tuple(NUMBER, INTEGER)),
    }),
    completeness: object({ state: oneOfWords('whole', 'patched', 'missing'), warnings: INTEGER }),
    fetched: {
      ...object({
        bytes: INTEGER,
        'calls?': INTEGER,
        'endpoints?': INTEGER,
        'answeredEndpoints?': INTEGER,
      }),
      description: 'Bytes of samples that came for this query, and how many endpoints were asked.',
    },
    'resultsCache?': object({ keptSteps: INTEGER, sharedSteps: INTEGER }),
  }),
  PlanTree: object({ name: STRING, 'children?': list(ref('PlanTree')) }),
  Analysis: object({
    name: STRING,
    executionTime: STRING,
    'peakSamples?': INTEGER,
    'totalSamples?': INTEGER,
    'fanout?': list(
      object({ endpointAddr: STRING, duration: STRING, 'bytesProcessed?': INTEGER, 'series?': INTEGER }),
    ),
    'children?': list(ref('Analysis')),
  }),
  Error: object({
    status: { const: 'error' },
    errorType: oneOfWords(
      'bad_data',
      'canceled',
      'execution',
      'forbidden',
      'internal',
      'not_found',
      'timeout',
      'too_many_requests',
      'unavailable',
    ),
    error: STRING,
  }),
};

function resultOf(resultType: string, result: Schema): Schema {
  return object({
    resultType: { const: resultType },
    result,
    'stats?': ref('Stats'),
    'analysis?': ref('Analysis'),
  });
}

function seriesOf(samples: Readonly<Record<string, Schema>>): Schema {
  return object({ metric: ref('Labels'), ...samples });
}
