import type { LabelsJson } from '../../src/http/api/envelope.ts';

const NAME = '__name__';
const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_]\w*$/;

/** Prometheus' way to write a series; names that it writes in quotes stand in quotes. */
export function seriesText(labels: LabelsJson): string {
  const name = labelValue(labels, NAME);
  const bare = PLAIN_METRIC.test(name);
  const parts = entriesOf(labels).map(([label, value]) => `${labelName(label)}=${JSON.stringify(value)}`);
  if (name !== '' && !bare) parts.unshift(JSON.stringify(name));
  if (parts.length === 0) return bare ? name : '{}';
  return `${bare ? name : ''}{${parts.join(', ')}}`;
}

/** A label's value, empty where the series does not have it. Labels may have the names of what every object has. */
export function labelValue(labels: LabelsJson, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name]! : '';
}

/** Labels but the name of the metric. */
export function entriesOf(labels: LabelsJson): readonly (readonly [string, string])[] {
  return Object.entries(labels).filter(([label]) => label !== NAME);
}

export function labelName(label: string): string {
  return PLAIN_LABEL.test(label) ? label : JSON.stringify(label);
}

/** The values of labels alone, where their names are known: `eu`, or `demo eu`. */
export function valuesText(labels: LabelsJson): string {
  const values = Object.values(labels);
  return values.length === 0 ? 'no labels' : values.join(' ');
}
