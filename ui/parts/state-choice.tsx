import { setParameter } from '../state/place.ts';
import { countText } from '../text/numbers.ts';
import { Choice } from './choice.tsx';

interface Props {
  /** Those that there always are; others that come stand behind them. */
  readonly known: readonly string[];
  /** The state of each item; undefined while they load. */
  readonly states: readonly string[] | undefined;
  readonly chosen: string;
}

/** As many as anybody reads. */
const MOST_STATES = 8;
const LONGEST = 20;

/** Shows those of one state alone. The address has it. */
export function StateChoice({ known, states, chosen }: Props) {
  const counts = new Map(known.map((state) => [state, 0]));
  if (chosen !== '') counts.set(chosen, 0);
  for (const state of states ?? []) counts.set(state, (counts.get(state) ?? 0) + 1);
  const titleOf = (state: string, count: number): string =>
    states === undefined ? state.slice(0, LONGEST) : `${state.slice(0, LONGEST)} ${countText(count)}`;
  return (
    <Choice
      label="State"
      choices={[
        ['', titleOf('all', states?.length ?? 0)],
        ...Array.from(counts, ([state, count]) => [state, titleOf(state, count)] as const).slice(
          0,
          MOST_STATES,
        ),
      ]}
      chosen={chosen}
      onChoose={(value) => setParameter('state', value)}
    />
  );
}
