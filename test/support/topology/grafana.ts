import type { ApiAnswer, InstantData, MatrixData } from '../api-client.ts';

export interface Panel {
  readonly expr: string;
  /** s since the epoch. */
  readonly from: number;
  readonly to: number;
  /** s. Grafana makes it of the width of the panel. */
  readonly step: number;
}

/** Asks for a graph as the Prometheus data source of Grafana does: a form, whose times are whole steps since the epoch. */
export async function askPanel(url: string, { expr, from, to, step }: Panel): Promise<ApiAnswer<MatrixData>> {
  const aligned = (time: number): string => String(Math.floor(time / step) * step);
  return post(url, 'query_range', {
    query: expr,
    start: aligned(from),
    end: aligned(to),
    step: String(step),
  });
}

/** Asks for a single number, as panels of that kind do. */
export async function askStat(url: string, expr: string, time: number): Promise<ApiAnswer<InstantData>> {
  return post(url, 'query', { query: expr, time: time.toFixed(3) });
}

async function post<T>(
  url: string,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<ApiAnswer<T>> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Grafana/12.3.0',
      'x-dashboard-uid': 'overview',
      'x-panel-id': '1',
    },
    body: new URLSearchParams(form),
  });
  const body = (await response.json()) as Omit<ApiAnswer<T>, 'httpStatus'>;
  return { ...body, httpStatus: response.status };
}
