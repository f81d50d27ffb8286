import type { Exemplar, ExemplarSeries } from '../../model/exemplar.ts';
import { formatFloat } from '../../model/format-decimal.ts';
import { encodeLabels } from './labels.ts';
import { encodeItems, encodeObject } from './object.ts';
import { formatTimestamp } from './timestamp.ts';

/** The exemplars of one series as `/api/v1/query_exemplars` shows them. */
export function encodeExemplars({ labels, exemplars }: ExemplarSeries): string {
  return encodeObject({
    seriesLabels: encodeLabels(labels),
    exemplars: encodeItems(exemplars, encodeExemplar),
  });
}

function encodeExemplar({ labels, value, t }: Exemplar): string {
  return encodeObject({
    labels: encodeLabels(labels),
    value: `"${formatFloat(value)}"`,
    timestamp: formatTimestamp(t),
  });
}
