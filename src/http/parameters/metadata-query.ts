import type { MetadataQuery } from '../../gateway/metadata.ts';
import type { Form } from './form.ts';
import { parseLimit } from './limit.ts';
import { readOptionalTime, readParameter } from './read-parameter.ts';
import { readRequestOptions } from './request-options.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';

/** Reads what the series and label APIs have in common. */
export function readMetadataQuery(form: Form): MetadataQuery {
  return {
    limit: readParameter(form, 'limit', parseLimit),
    minTime: readOptionalTime(form, 'start', MIN_TIME),
    maxTime: readOptionalTime(form, 'end', MAX_TIME),
    selectors: form.all('match[]'),
    ...readRequestOptions(form),
  };
}
