import fc from 'fast-check';
import type { QueryAnswer } from '../../../src/engine/answer.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { createGateway, type ChangeableGateway } from '../../../src/gateway/gateway.ts';
import type { RangeQuery } from '../../../src/gateway/query.ts';
import type { ResultsCacheSettings, ResultsEvent } from '../../../src/gateway/results-cache/results-cache.ts';
import { encodeFailure } from '../../../src/http/envelope.ts';
import { toHttpFailure } from '../../../src/http/errors.ts';
import { partsOf, selectionOf } from '../../gateway/support.ts';
import { answerText } from '../../support/answer-text.ts';
import { DATA_LENGTH, DATA_START } from '../../support/differential/sample-series.ts';
import { originOf } from '../../support/open-requests.ts';
import { FEATURES, MIXED_SOURCE } from './world.ts';

const MINUTE = 60_000;
/** Of the last ten minutes of the data nothing is kept. */
const NOW = DATA_START + DATA_LENGTH;
export const KEEPS: ResultsCacheSettings = { bytes: 1e8, lifetime: 60 * MINUTE, minFresh: 10 * MINUTE };

/** A gateway whose endpoints hold the sample data. */
export function gatewayThat(
  keeps: ResultsCacheSettings | undefined,
  onResults: (event: ResultsEvent) => void,
): ChangeableGateway {
  const options = {
    lookbackDelta: 300_000,
    noStepSubqueryInterval: MINUTE,
    maxSamples: 50_000_000,
    features: FEATURES,
    clock: { now: () => NOW, monotonic: () => 1 },
    perStepStats: false,
  };
  return createGateway(
    partsOf({
      features: FEATURES,
      clock: options.clock,
      selection: selectionOf({
        source: () => MIXED_SOURCE,
        topology: () => ({ generation: 1, endpoints: [] }),
      }),
      evaluate: (query, source, signal) => evaluate(query, source, options, signal),
      resultsCache: keeps,
      onResults,
    }),
  );
}

export interface Told {
  readonly text: string;
  readonly samples: number | undefined;
}

export async function ask(gateway: ChangeableGateway, query: RangeQuery): Promise<Told> {
  const scope = gateway.open({}, originOf(new AbortController().signal));
  try {
    const { answer }: { readonly answer: QueryAnswer } = await gateway.queryRange(scope, query);
    return { text: answerText(answer, query.text), samples: answer.stats.totalQueryableSamples };
  } catch (thrown) {
    const { errorType, message } = toHttpFailure(thrown);
    return { text: encodeFailure(errorType, message), samples: undefined };
  }
}

const minutes = fc.noBias(fc.integer({ min: 0, max: DATA_LENGTH / MINUTE }));

/** Ranges over the data with one step and phase, as a dashboard asks that moves. */
export const ranges: fc.Arbitrary<readonly Omit<RangeQuery, 'text'>[]> = fc
  .record({
    step: fc.constantFrom(5000, 7500, 15_000, 60_000),
    phase: fc.constantFrom(0, 3000, 4999),
    parts: fc.array(fc.tuple(minutes, minutes), { minLength: 2, maxLength: 4 }),
  })
  .map(({ step, phase, parts }) =>
    parts.map(([one, other]) => {
      const start =
        DATA_START - (DATA_START % step) + phase + Math.floor((Math.min(one, other) * MINUTE) / step) * step;
      return { start, end: DATA_START + phase + Math.max(one, other) * MINUTE, step, limit: 0 };
    }),
  );
