import { encodeForm, Failure, reach, readEnvelope, tenantHeader } from './ask.ts';
import { absoluteUrl } from './base.ts';

/** Lines of a search, as far as the page reads them: batches of results, and a last one that tells how it ended. */
interface SearchLineJson {
  readonly results?: readonly { readonly name: string }[];
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

/** Names of metrics that are like a text, the most alike first. Rejects with a {@link Failure}. */
export async function searchMetrics(text: string, limit: number, signal: AbortSignal): Promise<FoundNames> {
  const form = {
    'search[]': text,
    fuzz_alg: 'subsequence',
    case_sensitive: false,
    sort_by: 'score',
    limit,
    batch_size: limit,
  };
  const response = await reach(`${absoluteUrl('api/v1/search/metric_names')}?${encodeForm(form)}`, {
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
    names: lines.flatMap(({ results = [] }) => results.map(({ name }) => name)),
    hasMore: last.has_more === true,
    warnings: lines.flatMap(({ warnings = [] }) => warnings),
  };
}
