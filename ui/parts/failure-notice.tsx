import type { Failure } from '../api/ask.ts';

interface Props {
  readonly failure: Failure;
  /** Into which a place of a parse error points. */
  readonly query?: string;
}

/** What went wrong, where the result would stand, with a caret under the place in the query. */
export function FailureNotice({ failure, query }: Props) {
  const place = query === undefined ? undefined : placeIn(failure.message, query);
  return (
    <div class="notice failed" role="alert">
      <strong>{titleOf(failure.kind)}</strong> {failure.message}
      {place !== undefined && <pre aria-hidden="true">{`${place.line}\n${' '.repeat(place.column)}^`}</pre>}
    </div>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  bad_data: 'The query cannot be read.',
  timeout: 'The query took too long.',
  canceled: 'The query was canceled.',
  execution: 'The query failed.',
  unauthorized: 'The gateway does not know who asks.',
  forbidden: 'The gateway does not tell you this.',
  not_found: 'It is not here.',
  too_many_requests: 'There were too many requests.',
  unavailable: 'Data cannot be had.',
  unreachable: 'No answer.',
};

function titleOf(kind: string): string {
  return Object.hasOwn(TITLES, kind) ? TITLES[kind]! : 'Something went wrong.';
}

/** `line:column: parse error`, counted from 1; columns count bytes of UTF-8. */
function placeIn(
  message: string,
  query: string,
): { readonly line: string; readonly column: number } | undefined {
  const found = /(?:^|: )(\d+):(\d+): /.exec(message);
  if (found === null) return undefined;
  const line = query.split('\n')[Number(found[1]) - 1];
  if (line === undefined || line.length > 2000) return undefined;
  const before = new TextEncoder().encode(line).subarray(0, Number(found[2]) - 1);
  return { line, column: new TextDecoder().decode(before).length };
}
