import type { FoundNames } from '../../../gateway/search/find-names.ts';
import type { Remarks } from '../../../gateway/remarks.ts';
import { encodeItems, encodeObject } from '../../json/object.ts';
import { encodeJson } from '../../json/json-value.ts';
import { encodeString } from '../../json/text.ts';

/** How the results of a search look. */
export interface ResultForm {
  /** The member that has the name. */
  readonly member: 'name' | 'value';
  readonly includeScore: boolean;
  /** Most results in one line. */
  readonly batchSize: number;
}

/**
 * The lines of an answer: batches of results, of which the first comes in any case and tells what is to be said of all, and then how
 * it ended. Prometheus tells no infos here, so clients may not look for them.
 */
export function* encodeSearch(found: FoundNames, remarks: Remarks, form: ResultForm): Generator<string> {
  const { names, hasMore } = found;
  const { warnings, infos } = remarks;
  for (let from = 0; from === 0 || from < names.length; from += form.batchSize) {
    const batch = names.slice(from, from + form.batchSize);
    const isFirst = from === 0;
    yield line({
      results: encodeItems(batch, (name) => encodeResult(name, found, form)),
      warnings: isFirst && warnings.length > 0 ? encodeJson(warnings) : undefined,
      infos: isFirst && infos.length > 0 ? encodeJson(infos) : undefined,
    });
  }
  yield line({ status: '"success"', has_more: String(hasMore) });
}

function encodeResult(
  { value, score }: FoundNames['names'][number],
  { metadata }: FoundNames,
  { member, includeScore }: ResultForm,
): string {
  const { type = '', help = '', unit = '' } = metadata.get(value) ?? {};
  const told = (text: string): string | undefined => (text === '' ? undefined : encodeString(text));
  return encodeObject({
    [member]: encodeString(value),
    score: includeScore ? String(score) : undefined,
    type: told(type),
    help: told(help),
    unit: told(unit),
  });
}

function line(members: Readonly<Record<string, string | undefined>>): string {
  return `${encodeObject(members)}\n`;
}
