import { compareStrings } from './compare-strings.ts';

declare const labelsBrand: unique symbol;

/**
 * A label set: name, value, name, value …, sorted by name (UTF-8 byte order), names unique, no empty values (in
 * Prometheus an empty value and an absent label are the same). Immutable; build it with the functions of this file.
 */
export type Labels = readonly string[] & { readonly [labelsBrand]: true };

export const METRIC_NAME = '__name__';

/** Joins key parts. Hardly ever part of a label, and narrow: keys of ASCII texts take a byte a character. */
const SEPARATOR = '\0';

export const EMPTY_LABELS: Labels = [] as unknown as Labels;

/** Makes a label set from pairs in any order; of equal names the last wins; empty values are left out. */
export function labelsFrom(pairs: Iterable<readonly [name: string, value: string]>): Labels {
  const byName = new Map<string, string>(pairs);
  const names = [...byName.keys()].filter((name) => byName.get(name) !== '').sort(compareStrings);
  return names.flatMap((name) => [name, byName.get(name)!]) as unknown as Labels;
}

export function labelsFromRecord(record: Readonly<Record<string, string>>): Labels {
  const flat: string[] = [];
  for (const name of Object.keys(record)) flat.push(name, record[name]!);
  return labelsFromFlat(flat);
}

/**
 * Takes flat name/value pairs that are already sorted and clean, as Prometheus sends them, without copying.
 * Returns them sorted by {@link labelsFrom} where they are not.
 */
export function labelsFromFlat(flat: readonly string[]): Labels {
  for (let i = 0; i < flat.length; i += 2) {
    const unsorted = i > 0 && compareStrings(flat[i - 2]!, flat[i]!) >= 0;
    if (unsorted || flat[i + 1] === '') return labelsFrom(pairsOf(flat));
  }
  return flat as Labels;
}

export function* pairsOf(flat: readonly string[]): Generator<readonly [name: string, value: string]> {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i]!, flat[i + 1]!];
}

/** The value of a label; the empty string where it is absent. */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1]!;
  return '';
}

export function withoutLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  return filterLabels(labels, (name) => !names.has(name));
}

export function keepLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  return filterLabels(labels, (name) => names.has(name));
}

export function withoutName(labels: Labels): Labels {
  return filterLabels(labels, (name) => name !== METRIC_NAME);
}

/** Labels that say what a metric is; they leave together when a function changes its meaning (Prometheus schema). */
export const METRIC_IDENTITY: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

export function withoutMetricIdentity(labels: Labels): Labels {
  return withoutLabels(labels, METRIC_IDENTITY);
}

function filterLabels(labels: Labels, keep: (name: string) => boolean): Labels {
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (keep(labels[i]!)) kept.push(labels[i]!, labels[i + 1]!);
  return kept.length === labels.length ? labels : (kept as unknown as Labels);
}

/** Adds or replaces one label; an empty value removes it. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  return labelsFrom([...pairsOf(labels), [name, value]]);
}

/** Adds the labels of `extra`; where both have a name, `extra` wins. */
export function mergeLabels(labels: Labels, extra: Labels): Labels {
  if (extra.length === 0) return labels;
  const merged: string[] = [];
  let [at, next] = [0, 0];
  while (at < labels.length && next < extra.length) {
    const order = compareStrings(labels[at]!, extra[next]!);
    if (order < 0) merged.push(labels[at]!, labels[at + 1]!);
    else merged.push(extra[next]!, extra[next + 1]!);
    if (order <= 0) at += 2;
    if (order >= 0) next += 2;
  }
  for (; at < labels.length; at++) merged.push(labels[at]!);
  for (; next < extra.length; next++) merged.push(extra[next]!);
  return merged as unknown as Labels;
}

/** A string that is equal exactly for equal label sets. For Map keys only; the order of keys means nothing. */
export function labelsKey(labels: Labels): string {
  return textsKey(labels);
}

/** Key of the values of the given names (sorted or not, but always the same), absent labels counting as empty. */
export function valuesKey(labels: Labels, names: readonly string[]): string {
  return textsKey(names.map((name) => labelValue(labels, name)));
}

/** A string that is equal for equal parts alone, among lists that are all of even length or all of one length. */
export function textsKey(parts: readonly string[]): string {
  const key = parts.join(SEPARATOR);
  let separators = 0;
  for (let at = key.indexOf(SEPARATOR); at >= 0; at = key.indexOf(SEPARATOR, at + 1)) separators++;
  // JSON escapes the separator, so these keys have one separator a part, and the others one less.
  return separators < Math.max(parts.length, 1)
    ? key
    : SEPARATOR.repeat(parts.length) + JSON.stringify(parts);
}

/** Prometheus' order of label sets: pair by pair name then value, then the shorter first. */
export function compareLabels(a: Labels, b: Labels): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] === b[i]) continue;
    return compareStrings(a[i]!, b[i]!);
  }
  return a.length - b.length;
}

export function labelsToRecord(labels: Labels): Record<string, string> {
  return Object.fromEntries(pairsOf(labels));
}
