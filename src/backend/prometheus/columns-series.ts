import type { Labels } from '../../model/labels.ts';
import { appendRange, copyColumns, SampleBuffer, type SampleColumns } from '../../model/sample-columns.ts';
import type { SeriesBatch } from '../../wire/batch/series-batch.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { EndpointError } from '../endpoint-error.ts';

/**
 * Adds a series that came as text. A server may keep several samples of the same time, which Prometheus does not: the last counts.
 * @throws EndpointError `bad_data` for times that are none, or not in order, and for labels that are not distinct.
 */
export function addColumns(batch: SeriesBatch, labels: Labels, columns: SampleColumns): void {
  try {
    batch.add(labels, { kind: 'columns', columns: oneAtATime(columns) });
  } catch (thrown) {
    if (!(thrown instanceof MessageFormatError)) throw thrown;
    throw damaged(thrown.message, thrown);
  }
}

function oneAtATime(columns: SampleColumns): SampleColumns {
  const { t, length } = columns;
  let repeated = 0;
  for (let i = 0; i < length; i++) {
    if (!Number.isSafeInteger(t[i])) throw damaged(`a sample has the timestamp ${t[i]}`);
    if (i === 0 || t[i]! > t[i - 1]!) continue;
    if (t[i]! < t[i - 1]!)
      throw damaged(`the samples of a series are not in order: ${t[i]} follows on ${t[i - 1]}`);
    repeated++;
  }
  if (repeated === 0) return columns;
  const kept = new SampleBuffer(length - repeated);
  for (let i = 0; i < length; i++)
    if (i + 1 === length || t[i + 1]! > t[i]!) appendRange(kept, columns, i, i + 1);
  return copyColumns(kept);
}

function damaged(why: string, cause?: unknown): EndpointError {
  return new EndpointError('bad_data', `its answer to a query is damaged: ${why}`, {
    cause,
    retryAfterMs: 0,
  });
}
