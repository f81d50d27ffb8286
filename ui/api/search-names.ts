import { encodeForm, Failure, reach, readEnvelope, tenantHeader } from './ask.ts';
import { absoluteUrl } from './base.ts';

/** Lines of a search, as far as the page reads them: batches of results, and a last one that tells how it ended. */
interface SearchLineJson {
  readonly results?: readonly { readonly name?: string; readonly value?: string }[];
  readonly warnings?: readonly string[];
  readonly status?: string;
  readonly error?: string;
  readonly errorType?: string;
  readonly has_more?: boolean;
}

export interface FoundNames {
  readonly names: readonly string[];
  readonly hasMore: boolean;
  readonly warnings: readonly string[];
}

/** What is searched: names of metrics or labels, or the values of one label. */
export type Searched =
  | { readonly kind: 'metric_names' | 'label_names' }
  | { readonly kind: 'label_values'; readonly label: string };

export interface NameSearch {
  /** What names are like; all are like an empty one. */
  readonly text: string;
  /** Most names that come. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Which series have them; all where it is left out. */
  readonly selector?: string | undefined;
  /** Who had them then, s; the last hour where it is left out. */
  readonly range?: { readonly start: number; readonly end: number } | undefined;
}

/** Names that are like a text, the most alike first. Rejects with a {@link Failure}, or with an AbortError where it was canceled. */
export async function searchNames(
  searched: Searched,
  { text, limit, signal, selector, range }: NameSearch,
): Promise<FoundNames> {
  const form = {
    ...(searched.kind === 'label_values' && { label: searched.label }),
    'match[]': selector,
    'search[]': text,
    fuzz_alg: 'subsequence',
    case_sensitive: false,
    sort_by: 'score',
    limit,
    batch_size: limit,
    ...range,
  };
  const response = await reach(`${absoluteUrl(`api/v1/search/${searched.kind}`)}?${encodeForm(form)}`, {
    headers: tenantHeader(),
    signal,
  });
  if (!response.ok) {
    const refused = await readEnvelope<unknown>(response);
    throw new Failure(
      refused.status === 'error' ? refused.errorType : 'unreachable',
      refused.status === 'error' ? refused.error : `The search was answered with status ${response.status}.`,
    );
  }
  const lines = (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SearchLineJson);
  const last = lines.at(-1);
  if (last?.status !== 'success')
    throw new Failure(last?.errorType ?? 'unreachable', last?.error ?? 'The search broke off.');
  return {
    names: lines.flatMap(({ results = [] }) => results.map(({ name, value }) => name ?? value ?? '')),
    hasMore: last.has_more === true,
    warnings: lines.flatMap(({ warnings = [] }) => warnings),
  };
}
