import { RE2JS } from 're2js';
import { QueryError } from '../../../model/errors.ts';
import { METRIC_NAME, labelValue, withLabel } from '../../../model/labels.ts';
import { sizeProblem } from '../../../promql/match/compile-regex.ts';
import type { Rename } from '../shape/relabel.ts';

/**
 * label_replace(): where the pattern matches the whole of the source label, the destination label becomes the expanded
 * replacement. Throws `execution` for a label name that is none and for a pattern that is wrong or too large.
 */
export function labelReplace(
  destination: string,
  replacement: string,
  source: string,
  pattern: string,
): Rename {
  const regex = compiled(pattern);
  if (!isLabelName(destination))
    throw new QueryError('execution', `invalid destination label name in label_replace(): ${destination}`);
  const names = new Map(Object.entries(regex.namedGroups()));
  return (head) => {
    const values = captured(regex, labelValue(head.labels, source));
    if (values === undefined) return head;
    const labels = withLabel(head.labels, destination, expandTemplate(replacement, values, names));
    return { labels, dropName: destination === METRIC_NAME ? false : head.dropName };
  };
}

function compiled(pattern: string): RE2JS {
  const problem = sizeProblem(pattern);
  if (problem !== undefined)
    throw new QueryError('execution', `regular expression in label_replace() is too large: ${problem}`);
  try {
    return RE2JS.compile(`^(?s:${pattern})$`);
  } catch (cause) {
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${pattern}`, {
      cause,
    });
  }
}

/** What the groups captured, by their numbers; 0 is the whole match. */
function captured(regex: RE2JS, value: string): readonly string[] | undefined {
  const matcher = regex.matcher(value);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? '');
}

const REFERENCE = /\$(?:(\$)|(\w+)|\{(\w+)\})/g;

/**
 * Replaces `$1`, `$name` and `${name}` by what the groups captured and `$$` by a dollar sign; a name reaches as far as
 * letters, digits and underscores do. Groups that do not exist are empty (Go `regexp.Expand`).
 */
function expandTemplate(
  template: string,
  values: readonly string[],
  names: ReadonlyMap<string, number>,
): string {
  return template.replace(REFERENCE, (_all, dollar?: string, bare?: string, braced?: string) => {
    if (dollar !== undefined) return '$';
    const name = bare ?? braced ?? '';
    const number = /^\d+$/.test(name) ? Number(name) : names.get(name);
    return number === undefined ? '' : (values[number] ?? '');
  });
}

/** label_join(): the destination label becomes the source labels' values, joined. Throws `execution` for bad names. */
export function labelJoin(destination: string, separator: string, sources: readonly string[]): Rename {
  const bad = sources.find((source) => !isLabelName(source));
  if (bad !== undefined)
    throw new QueryError('execution', `invalid source label name in label_join(): ${bad}`);
  if (!isLabelName(destination))
    throw new QueryError('execution', `invalid destination label name in label_join(): ${destination}`);
  return ({ labels, dropName }) => {
    const joined = sources.map((source) => labelValue(labels, source)).join(separator);
    return {
      labels: withLabel(labels, destination, joined),
      dropName: destination === METRIC_NAME ? false : dropName,
    };
  };
}

/** Whether a string may name a label: any text but the empty one (UTF-8 names, Prometheus 3). */
export function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}
