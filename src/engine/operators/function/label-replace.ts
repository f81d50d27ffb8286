import { RE2JS } from 're2js';
import { QueryError } from '../../../model/errors.ts';
import { METRIC_NAME, labelValue, withLabel } from '../../../model/labels.ts';
import type { Rename } from '../shape/relabel.ts';
import { expandTemplate, type Groups } from './expand-template.ts';
import { isLabelName } from './label-name.ts';

/**
 * label_replace(): where the pattern matches the whole of the source label, the destination label becomes the expanded
 * replacement. Throws `execution` for a bad pattern or label name.
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
  return (head) => {
    const groups = groupsOf(regex, labelValue(head.labels, source));
    if (groups === undefined) return head;
    const labels = withLabel(head.labels, destination, expandTemplate(replacement, groups));
    return { labels, dropName: destination === METRIC_NAME ? false : head.dropName };
  };
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(`^(?s:${pattern})$`);
  } catch (cause) {
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${pattern}`, {
      cause,
    });
  }
}

function groupsOf(regex: RE2JS, value: string): Groups | undefined {
  const matcher = regex.matcher(value);
  if (!matcher.find()) return undefined;
  const values = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? '');
  return { values, names: regex.namedGroups() };
}
