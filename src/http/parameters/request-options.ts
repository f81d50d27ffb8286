import type { RequestOptions } from '../../gateway/request-options.ts';
import { QueryError } from '../../model/errors.ts';
import { parseBoolean } from './boolean.ts';
import { parseDedupFunc } from './dedup-func.ts';
import { parseDurationParameter } from './duration.ts';
import type { Form } from './form.ts';
import { quote } from '../../model/quote.ts';
import { readOptional } from './read-parameter.ts';

/** Resolutions by name, as Thanos Query takes them besides durations. */
const RESOLUTION_NAMES: ReadonlySet<string> = new Set(['auto']);

/** Reads the parameters of Thanos Query, and `dedup_func`, that say how replicas and failures are treated. */
export function readRequestOptions(form: Form): RequestOptions {
  checkResolution(form);
  return {
    dedup: readOptional(form, 'dedup', parseBoolean),
    dedupMode: readOptional(form, 'dedup_func', parseDedupFunc),
    replicaLabels: readReplicaLabels(form),
    partialResponse: readOptional(form, 'partial_response', parseBoolean),
  };
}

function readReplicaLabels(form: Form): readonly string[] {
  const names = form.all('replicaLabels[]');
  if (names.includes('')) {
    throw new QueryError('bad_data', 'invalid parameter "replicaLabels[]": a label name must not be empty');
  }
  return names;
}

/** Backends hold raw samples only, so every resolution is answered from those; a mistyped one is still refused. */
function checkResolution(form: Form): void {
  readOptional(form, 'max_source_resolution', (text) => {
    if (RESOLUTION_NAMES.has(text)) return;
    if (parseDurationParameter(text) < 0) {
      throw new QueryError('bad_data', `a resolution must not be negative, got ${quote(text)}`);
    }
  });
}
