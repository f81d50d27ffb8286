import { type Labels, labelsFromRecord, labelsToRecord } from '../../model/labels.ts';
import type { LabelTable } from './label-table.ts';

/** The ids of a label set in a table, in their order. Halves of characters, which UTF-8 has no form for, become U+FFFD. */
export function idsOf(table: LabelTable, labels: Labels): readonly number[] {
  const isText = labels.every((text) => text.isWellFormed());
  const texts = isText ? labels : wellFormed(labels);
  const ids: number[] = [];
  for (let i = 0; i < texts.length; i += 2) ids.push(table.idOf(texts[i]!, texts[i + 1]!));
  return ids;
}

function wellFormed(labels: Labels): Labels {
  const pairs = Object.entries(labelsToRecord(labels));
  return labelsFromRecord(
    Object.fromEntries(pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()])),
  );
}
