import type { QueryValueJson, SampleJson, SeriesSamplesJson } from '../../src/http/api/query.ts';
import { encodeForm, tenantHeader } from '../api/ask.ts';
import { absoluteUrl } from '../api/base.ts';
import { labelValue } from '../text/labels.ts';
import { queryForm, queryPath } from './run-query.ts';
import type { PanelState, TimeSpan } from './panel-state.ts';

/** The call of the API that a panel makes, for a shell. */
export function curlCommand(panel: PanelState, span: TimeSpan): string {
  const headers = Object.entries(tenantHeader()).map(
    ([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`,
  );
  const fields = [...encodeForm(queryForm(panel, span))].map(
    ([name, value]) => `--data-urlencode ${shellQuoted(`${name}=${value}`)}`,
  );
  return [`curl -s ${shellQuoted(absoluteUrl(`api/v1/${queryPath(panel)}`))}`, ...headers, ...fields].join(
    ' \\\n  ',
  );
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A row a sample: its time, its value, and a column a label. Histograms are their count. */
export function csvOf(value: QueryValueJson): string {
  if (value.resultType === 'scalar' || value.resultType === 'string')
    return csvLines([
      ['time', 'value'],
      [String(value.result[0]), value.result[1]],
    ]);
  const series =
    value.resultType === 'vector'
      ? value.result.map(asSeries)
      : (value.result as readonly SeriesSamplesJson[]);
  const names = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].toSorted();
  const rows = series.flatMap(({ metric, values = [], histograms = [] }) => {
    const labels = names.map((name) => labelValue(metric, name));
    return [
      ...values.map(([time, text]) => [String(time), text, ...labels]),
      ...histograms.map(([time, { count }]) => [String(time), count, ...labels]),
    ];
  });
  return csvLines([['time', 'value', ...names], ...rows]);
}

function asSeries({ metric, value, histogram }: SampleJson): SeriesSamplesJson {
  return {
    metric,
    values: value === undefined ? [] : [value],
    histograms: histogram === undefined ? [] : [histogram],
  };
}

/** RFC 4180. */
function csvLines(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map((text) => cell(text)).join(',')}\r\n`).join('');
}

export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
