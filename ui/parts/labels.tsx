import type { LabelsJson } from '../../src/http/api/envelope.ts';
import { entriesOf, labelName, labelValue } from '../text/labels.ts';

/** Values longer than this are cut; the whole one is in the title. */
const LONGEST = 120;

interface Props {
  readonly labels: LabelsJson;
  /** Labels that are said elsewhere. */
  readonly without?: ReadonlySet<string>;
}

/** Labels on one line. Each stands apart, so that text that runs from right to left does not turn its neighbours around. */
export function Labels({ labels, without }: Props) {
  const name = without?.has('__name__') === true ? '' : labelValue(labels, '__name__');
  const entries = entriesOf(labels).filter(([label]) => without?.has(label) !== true);
  return (
    <span class="labels">
      {name !== '' && <bdi>{cut(name)}</bdi>}
      {entries.length > 0 || name === '' ? '{' : ''}
      {entries.map(([label, value], i) => (
        <bdi key={label} title={value.length > LONGEST ? value.slice(0, 2000) : undefined}>
          {i > 0 ? ', ' : ''}
          <span class="name">{cut(labelName(label))}=</span>
          {cut(JSON.stringify(value))}
        </bdi>
      ))}
      {entries.length > 0 || name === '' ? '}' : ''}
    </span>
  );
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
