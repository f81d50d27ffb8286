import type { ExportedSeries } from '../../../gateway/raw/export.ts';
import { formatFloat } from '../../../model/format-decimal.ts';
import type { SampleColumns } from '../../../model/sample-columns.ts';
import { MOST_NUMBERS, numberText } from '../../../wire/json/number-text.ts';
import type { Pause, Piece } from '../../chunks.ts';
import { encodeHistogram } from '../../json/histogram.ts';
import { encodeLabels } from '../../json/text.ts';

/**
 * A line of JSON a series: `{"metric":{…},"values":[…],"timestamps":[…]}` with times in ms, as VictoriaMetrics exports it
 * (app/vmselect/prometheus/export.qtpl). Native histograms stand apart, in `histograms` and `histogramTimestamps`.
 */
export function* encodeJsonLines<T extends ExportedSeries | Pause>(
  series: Iterable<T>,
): Generator<Piece | Extract<T, Pause>> {
  for (const one of series) {
    if (one instanceof Promise) {
      yield one as Extract<T, Pause>;
      continue;
    }
    const { labels, columns } = one;
    yield `{"metric":${encodeLabels(labels)}`;
    const { floats, histograms } = apart(columns);
    yield ',"values":[';
    yield* values(floats);
    yield '],"timestamps":[';
    yield* times(floats);
    yield ']';
    if (histograms.length > 0) {
      yield ',"histograms":[';
      for (const [i, place] of histograms.entries())
        yield `${i === 0 ? '' : ','}${encodeHistogram(columns.h!.passing(place)!)}`;
      yield `],"histogramTimestamps":[${histograms.map((place) => columns.t[place]).join(',')}]`;
    }
    yield '}\n';
  }
}

interface Floats {
  readonly length: number;
  readonly t: Float64Array;
  readonly v: Float64Array;
}

/** The floats, and the places of the histograms. Hardly ever has a series both. */
function apart(columns: SampleColumns): { readonly floats: Floats; readonly histograms: readonly number[] } {
  const { h, length, t, v } = columns;
  if (h === undefined) return { floats: columns, histograms: [] };
  const places = Array.from({ length }, (_, i) => i);
  const floats = places.filter((i) => !h.has(i));
  return {
    floats: {
      length: floats.length,
      t: Float64Array.from(floats, (i) => t[i]!),
      v: Float64Array.from(floats, (i) => v[i]!),
    },
    histograms: places.filter((i) => h.has(i)),
  };
}

function* times({ t, length }: Floats): Generator<Piece> {
  for (let from = 0; from < length; from += MOST_NUMBERS) {
    const text = numberText(t, from, Math.min(length, from + MOST_NUMBERS));
    yield from === 0 ? text.subarray(1) : text;
  }
}

function* values({ v, length }: Floats): Generator<Piece> {
  for (let from = 0; from < length; from += MOST_NUMBERS) {
    const to = Math.min(length, from + MOST_NUMBERS);
    const text = allFinite(v, from, to) ? numberText(v, from, to) : oddText(v, from, to);
    yield from === 0 ? text.slice(1) : text;
  }
}

function allFinite(v: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (v[i]! - v[i]! !== 0) return false;
  return true;
}

/** JSON has no numbers for them. VictoriaMetrics writes the same. */
function oddText(v: Float64Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) {
    const value = v[i]!;
    if (Number.isNaN(value)) text += ',null';
    else if (Number.isFinite(value)) text += `,${formatFloat(value)}`;
    else text += value > 0 ? ',"Infinity"' : ',"-Infinity"';
  }
  return text;
}
