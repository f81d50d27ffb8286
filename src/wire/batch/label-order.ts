import { MessageFormatError } from '../message-format-error.ts';
import type { LabelTable } from './label-table.ts';

/**
 * Sorts the labels [from, to) of one series by name. Servers send them sorted; those that do not cost more.
 * @throws MessageFormatError where a name occurs twice.
 */
export function sortByName(table: LabelTable, ids: Int32Array, from: number, to: number): void {
  for (let at = from + 1; at < to; at++) {
    if (table.isBehind(ids[at]!, ids[at - 1]!)) continue;
    const open = ids.subarray(from, to);
    open.sort((a, b) => table.compare(a, b));
    for (let i = 1; i < open.length; i++)
      if (table.nameNumber(open[i]!) === table.nameNumber(open[i - 1]!))
        throw new MessageFormatError(`a series has the label name "${table.name(open[i]!)}" twice`);
    return;
  }
}
