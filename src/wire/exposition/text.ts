import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { METRIC_NAME, type Labels } from '../../model/labels.ts';
import type { NamedSample } from '../../model/named-sample.ts';
import { escapeName, isClassicName, type EscapingScheme } from './escape-name.ts';
import { cumulativeCounts, familyType, OWN_INSTANCE } from './metric-family.ts';
import type { TextDialect } from './text-dialect.ts';
import { TEXT_PIECE } from '../text-piece.ts';

/**
 * Samples, sorted by name, as the lines of a text format, piece by piece (prometheus/common expfmt/text_create.go). A name with
 * floats and histograms is two families.
 */
export function* encodeText(
  samples: Iterable<NamedSample>,
  dialect: TextDialect,
  scheme: EscapingScheme,
): Generator<string> {
  let text = '';
  let family = '';
  let name = '';
  for (const sample of samples) {
    const type = dialect.typeNames[familyType(sample)];
    const next = `${type} ${sample.name}`;
    if (next !== family) {
      family = next;
      name = escapeName(sample.name, scheme);
      text += `# TYPE ${nameText(name)} ${type}\n`;
    }
    text +=
      sample.h === undefined
        ? floatLine(name, sample, dialect, scheme)
        : histogramLines(name, sample, sample.h, dialect, scheme);
    if (text.length < TEXT_PIECE) continue;
    yield text;
    text = '';
  }
  yield text + dialect.end;
}

function floatLine(name: string, sample: NamedSample, dialect: TextDialect, scheme: EscapingScheme): string {
  const pairs = pairsText(sample.labels, scheme);
  return `${seriesText(name, pairs)} ${dialect.float(sample.v)} ${dialect.time(sample.t)}\n`;
}

/** A histogram with custom buckets as a classic one. */
function histogramLines(
  name: string,
  { labels, t }: NamedSample,
  h: FloatHistogram,
  dialect: TextDialect,
  scheme: EscapingScheme,
): string {
  const pairs = pairsText(labels, scheme);
  const time = dialect.time(t);
  let lines = '';
  const bucket = (bound: number, count: number): void => {
    const le = `le="${dialect.float(bound)}"`;
    lines += `${seriesText(`${name}_bucket`, `${pairs},${le}`)} ${dialect.count(count)} ${time}\n`;
  };
  cumulativeCounts(h).forEach((count, i) => bucket(h.customValues[i]!, count));
  bucket(Infinity, h.count);
  lines += `${seriesText(`${name}_sum`, pairs)} ${dialect.float(h.sum)} ${time}\n`;
  return `${lines}${seriesText(`${name}_count`, pairs)} ${dialect.count(h.count)} ${time}\n`;
}

/** `name{pairs}`, and `{"name",pairs}` where the name is no classic one. */
function seriesText(name: string, pairs: string): string {
  return isClassicName(name) ? `${name}{${pairs}}` : `{${nameText(name)},${pairs}}`;
}

/** Never empty, see {@link OWN_INSTANCE}. */
function pairsText(labels: Labels, scheme: EscapingScheme): string {
  let text = '';
  let hasInstance = false;
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    if (name === METRIC_NAME) continue;
    if (name === OWN_INSTANCE) hasInstance = true;
    text += `${text === '' ? '' : ','}${nameText(escapeName(name, scheme))}="${escaped(labels[i + 1]!)}"`;
  }
  return hasInstance ? text : `${text}${text === '' ? '' : ','}${OWN_INSTANCE}=""`;
}

function nameText(name: string): string {
  return isClassicName(name) ? name : `"${escaped(name)}"`;
}

const SPECIAL = /[\\"\n]/;

function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
