import type { EvaluateCall } from '../../src/backend/evaluate-call.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { toQueryError } from '../../src/model/errors.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { failed, success } from '../../src/model/result.ts';
import { NO_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';
import { sourceOf } from './backend-source.ts';
import { OPTIONS } from './evaluate-text.ts';

/** Evaluates as a Prometheus 3 does that has these series, without its external labels. */
export function evaluateOver(series: readonly RawSeries[]): EvaluateCall {
  const backend = createMemoryBackend({ address: 'server', externalLabels: EMPTY_LABELS, series });
  return async ({ signal }, { text, start, end, step, lookbackDelta }) => {
    try {
      const query = { text, expr: parse(text, NO_FEATURES), start, end, step, lookbackDelta };
      const options = { ...OPTIONS, features: NO_FEATURES };
      const { value, annotations } = await evaluate(query, sourceOf(backend), options, signal);
      if (value.kind !== 'matrix')
        return failed({ kind: 'bad_data', endpoint: 'server', reason: 'no matrix' });
      return success({
        series: value.series.map(({ labels, columns }) => ({ labels, values: columns })),
        isPlain: annotations.length === 0 && value.series.every(({ columns }) => columns.h === undefined),
        bytes: 0,
      });
    } catch (thrown) {
      return failed({ kind: 'execution', endpoint: 'server', reason: toQueryError(thrown).message });
    }
  };
}
