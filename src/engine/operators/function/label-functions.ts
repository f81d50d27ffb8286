import { RE2JS } from 're2js';
import { QueryError } from '../../../model/errors.ts';
import { METRIC_NAME, labelValue, withLabel } from '../../../model/labels.ts';
import { sizeProblem } from '../../../promql/match/compile-regex.ts';
import { unnameGroups } from '../../../promql/match/group-names.ts';
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
  const { regex, names } = compiled(pattern);
  if (!isLabelName(destination))
    throw new QueryError('execution', `invalid destination label name in label_replace(): ${destination}`);
  return (head) => {
    const values = captured(regex, labelValue(head.labels, source));
    if (values === undefined) return head;
    const labels = withLabel(head.labels, destination, expandTemplate(replacement, values, names));
    return { labels, dropName: destination === METRIC_NAME ? false : head.dropName };
  };
}

interface Compiled {
  readonly regex: RE2JS;
  /** Of the groups, by their numbers. */
  readonly names: readonly (string | undefined)[];
}

function compiled(pattern: string): Compiled {
  const problem = sizeProblem(pattern);
  if (problem !== undefined)
    throw new QueryError('execution', `regular expression in label_replace() is too large: ${problem}`);
  try {
    const unnamed = unnameGroups(pattern);
    return { regex: RE2JS.compile(`^(?s:${unnamed.pattern})$`), names: unnamed.names };
  } catch (cause) {
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${pattern}`, {
      cause,
    });
  }
}

/** What the groups captured, by their numbers; 0 is the whole match. Undefined where a group took no part. */
type Captured = readonly (string | undefined)[];

function captured(regex: RE2JS, value: string): Captured | undefined {
  const matcher = regex.matcher(value);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
}

const REFERENCE = /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;
/** Other digits are names. */
const GROUP_NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

/**
 * Replaces `$1`, `$name` and `${name}` by what the groups captured and `$$` by a dollar sign; a name reaches as far as
 * letters, digits and underscores do, in any script. Groups that do not exist are empty; of several that have a name, the first
 * that took part counts (Go `regexp.Expand` and `extract`).
 */
function expandTemplate(template: string, values: Captured, names: readonly (string | undefined)[]): string {
  return template.replace(REFERENCE, (_all, dollar?: string, bare?: string, braced?: string) => {
    if (dollar !== undefined) return '$';
    const name = bare ?? braced ?? '';
    const group = GROUP_NUMBER.test(name)
      ? Number(name)
      : names.findIndex((other, i) => other === name && values[i] !== undefined);
    return values[group] ?? '';
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
