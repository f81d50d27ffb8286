/** An answer of the HTTP API, as far as tests look at it. */
export interface ApiAnswer<T = unknown> {
  readonly status: 'success' | 'error';
  readonly data: T;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly httpStatus: number;
}

export type Sample = readonly [time: number, value: string];

export interface InstantData {
  readonly resultType: string;
  readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: Sample }[];
}

export interface MatrixData {
  readonly resultType: string;
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly Sample[];
  }[];
}

type Parameters = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Calls `/api/v1/…` of a server with GET. */
export async function callApi<T>(
  url: string,
  path: string,
  parameters: Parameters = {},
): Promise<ApiAnswer<T>> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      query.append(name, each);
  }
  const response = await fetch(`${url}/api/v1/${path}?${query.toString()}`);
  const body = (await response.json()) as Omit<ApiAnswer<T>, 'httpStatus'>;
  return { ...body, httpStatus: response.status };
}

export async function queryInstant(
  url: string,
  query: string,
  more: Parameters = {},
): Promise<ApiAnswer<InstantData>> {
  return callApi<InstantData>(url, 'query', { query, ...more });
}

export async function queryRange(
  url: string,
  query: string,
  more: Parameters,
): Promise<ApiAnswer<MatrixData>> {
  return callApi<MatrixData>(url, 'query_range', { query, ...more });
}
