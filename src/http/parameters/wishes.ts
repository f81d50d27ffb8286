import type { ReadWishes } from '../../gateway/request-scope.ts';
import { invalidParameter } from '../../gateway/invalid-parameter.ts';
import { distinctReplicaLabels, requireFewMatchers } from '../../gateway/request-limits.ts';
import type { MaxResolution } from '../../gateway/resolution.ts';
import { QueryError } from '../../model/errors.ts';
import type { Matcher } from '../../model/matcher.ts';
import { NO_FEATURES } from '../../promql/features.ts';
import { PatternTotal } from '../../promql/match/pattern-total.ts';
import { parseMetricSelector } from '../../promql/parse.ts';
import { parseBoolean, readOptional } from './read-parameter.ts';
import { parseDurationParameter } from './duration.ts';
import type { Form } from './form.ts';
import { quote } from '../../model/quote.ts';
import { DEDUP_MODES, type DedupMode } from '../../model/dedup-mode.ts';

/**
 * Reads the parameters of Thanos Query, `dedup_func`, `show_replaced` and `pushdown`, that say which endpoints are asked, and how replicas and
 * failures are treated.
 */
export function readWishes(form: Form): ReadWishes {
  return {
    dedup: readOptional(form, 'dedup', parseBoolean),
    dedupMode: readOptional(form, 'dedup_func', parseDedupFunc),
    replicaLabels: readReplicaLabels(form),
    partialResponse: readOptional(form, 'partial_response', parseBoolean),
    endpoints: readStoreMatch(form),
    showReplaced: readOptional(form, 'show_replaced', parseBoolean),
    pushdown: readOptional(form, 'pushdown', parsePushdown),
    ...readMaxResolution(form),
  };
}

/** Selectors on the address (`__address__`) and the external labels of endpoints. */
function readStoreMatch(form: Form): readonly (readonly Matcher[])[] {
  const selectors = form.all('storeMatch[]');
  requireFewMatchers(selectors, 'selectors in storeMatch[]');
  const patterns = new PatternTotal();
  return selectors.map((text) => {
    try {
      return parseMetricSelector(text, NO_FEATURES, patterns);
    } catch (error) {
      throw invalidParameter('storeMatch[]', error);
    }
  });
}

function readReplicaLabels(form: Form): readonly string[] {
  const names = form.all('replicaLabels[]');
  if (names.includes('')) {
    throw new QueryError('bad_data', 'invalid parameter "replicaLabels[]": a label name must not be empty');
  }
  return distinctReplicaLabels(names, 'replicaLabels[]');
}

/** Whether servers may compute parts of aggregations, in the words of the setting. */
function parsePushdown(text: string): boolean {
  if (text !== 'auto' && text !== 'off')
    throw new QueryError('bad_data', `expected auto or off, got ${quote(text)}`);
  return text === 'auto';
}

/** Durations in ms. Only said where it is asked for. */
function readMaxResolution(form: Form): Pick<ReadWishes, 'maxSourceResolution'> {
  const maxSourceResolution = readOptional(form, 'max_source_resolution', parseMaxResolution);
  return maxSourceResolution === undefined ? {} : { maxSourceResolution };
}

function parseMaxResolution(text: string): MaxResolution {
  if (text === 'auto') return text;
  const resolution = parseDurationParameter(text);
  if (resolution < 0)
    throw new QueryError('bad_data', `a resolution must not be negative, got ${quote(text)}`);
  return resolution;
}

/** Reads `dedup_func`, how replicas become one series. Throws `bad_data`. */
export function parseDedupFunc(text: string): DedupMode {
  const mode = DEDUP_MODES.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new QueryError(
    'bad_data',
    `unknown deduplication ${quote(text)}: use one of ${DEDUP_MODES.join(', ')}`,
  );
}
