import { useState } from 'preact/hooks';
import { durationText, parseDuration, parseTime, timeText } from '../text/time.ts';
import { isOneReplica, stepOf, type Compare, type Dedup, type PanelState, type Tab } from './panel-state.ts';
import type { ReplicaChoices } from './replica-choices.ts';

interface Props {
  readonly panel: PanelState;
  readonly width: number;
  /** Replicas that a graph can be compared with. */
  readonly replicas: ReplicaChoices;
  readonly onChange: (change: Partial<PanelState>) => void;
}

const TABS: readonly (readonly [Tab, string])[] = [
  ['graph', 'Graph'],
  ['table', 'Table'],
  ['explain', 'Explain'],
];

const DEDUPS: readonly (readonly [Dedup, string])[] = [
  ['', 'gap-aware'],
  ['penalty', 'penalty'],
  ['chain', 'chain'],
  ['off', 'off'],
];

/** s */
const REFRESHES = [5, 15, 30, 60, 300, 900];

/** Ranges that the arrows go through, s. */
const RANGES = [
  60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_419_200,
];

/** One line: what is shown, of which time, and how. */
export function Controls({ panel, width, replicas, onChange }: Props) {
  const { tab, range, end, isStacked, fromZero, isLog } = panel;
  const shift = (direction: -1 | 1): void => onChange(shifted(panel, direction));
  const nextRange = (direction: -1 | 1): number =>
    (direction === 1 ? RANGES.find((each) => each > range) : RANGES.findLast((each) => each < range)) ??
    range;
  return (
    <div class="controls">
      <div class="tabs" role="group" aria-label="What is shown">
        {TABS.map(([each, title]) => (
          <button
            key={each}
            class="plain"
            aria-pressed={each === tab}
            onClick={() => onChange({ tab: each })}
          >
            {title}
          </button>
        ))}
      </div>
      {tab !== 'table' && (
        <div class="joined" role="group" aria-label="Range">
          <button
            aria-label="Shorter range"
            title="Shorter range"
            onClick={() => onChange({ range: nextRange(-1) })}
          >
            −
          </button>
          <Field
            label="Range"
            value={durationText(range)}
            // What somebody dragged over has seconds.
            width={range % 60 === 0 ? 56 : 70}
            parse={parseDuration}
            onValue={(next) => next !== undefined && onChange({ range: next })}
          />
          <button
            aria-label="Longer range"
            title="Longer range"
            onClick={() => onChange({ range: nextRange(1) })}
          >
            +
          </button>
        </div>
      )}
      <div class="joined" role="group" aria-label={tab === 'table' ? 'Time' : 'End'}>
        <button aria-label="Earlier" title="Earlier ([)" onClick={() => shift(-1)}>
          ◀
        </button>
        <Field
          label={tab === 'table' ? 'Time' : 'End'}
          value={end === undefined ? '' : timeText(end)}
          placeholder={tab === 'table' ? 'now' : 'until now'}
          // A time needs room, and then there is nothing to refresh.
          width={end === undefined ? 88 : 160}
          parse={parseTime}
          onValue={(next) => onChange({ end: next })}
        />
        <button aria-label="Later" title="Later (])" disabled={end === undefined} onClick={() => shift(1)}>
          ▶
        </button>
        {end !== undefined && <button onClick={() => onChange({ end: undefined })}>Now</button>}
        {tab !== 'explain' && end === undefined && (
          <select
            aria-label="Refresh"
            title="How often it is asked again"
            value={panel.refresh === undefined ? '' : durationText(panel.refresh)}
            onChange={(event) => onChange({ refresh: parseDuration(event.currentTarget.value) })}
          >
            {refreshChoices(panel.refresh).map((each) => (
              <option key={each} value={each}>
                ↻ {each === '' ? 'off' : each}
              </option>
            ))}
          </select>
        )}
      </div>
      {tab !== 'table' && (
        <label class="labelled">
          Step
          <Field
            label="Step"
            value={panel.step === undefined ? '' : durationText(panel.step)}
            placeholder={`auto ${durationText(stepOf(panel, width))}`}
            width={80}
            parse={parseDuration}
            onValue={(step) => onChange({ step })}
          />
        </label>
      )}
      {tab === 'graph' && (
        <div class="joined" role="group" aria-label="How it is drawn">
          <button aria-pressed={isStacked} onClick={() => onChange({ isStacked: !isStacked, isLog: false })}>
            Stacked
          </button>
          <button aria-pressed={fromZero} disabled={isLog} onClick={() => onChange({ fromZero: !fromZero })}>
            From 0
          </button>
          <button aria-pressed={isLog} onClick={() => onChange({ isLog: !isLog, isStacked: false })}>
            Log
          </button>
          <button
            aria-pressed={panel.showsExemplars}
            title="Single events that the queried series name, such as traces, as points"
            onClick={() => onChange({ showsExemplars: !panel.showsExemplars })}
          >
            Exemplars
          </button>
        </div>
      )}
      <Choice
        label="Dedup"
        value={panel.dedup}
        choices={DEDUPS}
        onValue={(dedup) => onChange({ dedup: dedup as Dedup })}
      />
      {tab === 'graph' && (
        <Choice
          label="Compare"
          value={panel.compare}
          choices={comparisons(panel.compare, replicas)}
          more={replicas.more}
          onValue={(compare) => onChange({ compare: compare as Compare })}
        />
      )}
    </div>
  );
}

/** Half of what is shown. A time that would lie ahead becomes now. */
export function shifted({ range, end }: PanelState, direction: -1 | 1): Partial<PanelState> {
  const now = Date.now() / 1000;
  const next = Math.floor(end ?? now) + (direction * range) / 2;
  return { end: next >= now ? undefined : next };
}

/** How often it may be asked again; an address may name another one. */
function refreshChoices(chosen: number | undefined): readonly string[] {
  const all = chosen === undefined || REFRESHES.includes(chosen) ? REFRESHES : [...REFRESHES, chosen];
  return ['', ...all.map((each) => durationText(each))];
}

/** What a graph can be compared with. One that the address names is among it, also where no endpoint is like that. */
function comparisons(chosen: Compare, replicas: ReplicaChoices): readonly (readonly [string, string])[] {
  const { listed } = replicas;
  const known = listed.map(({ selector, name }) => [selector, `only ${name}`] as const);
  const isListed = !isOneReplica(chosen) || listed.some(({ selector }) => selector === chosen);
  return [
    ['', 'nothing'],
    ...DEDUPS.slice(1),
    ...known,
    ...(isListed ? [] : [[chosen, `only ${chosen.slice(0, 60)}`] as const]),
  ];
}

function Choice({
  label,
  value,
  choices,
  more = 0,
  onValue,
}: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, title: string])[];
  /** How many there are besides. */
  readonly more?: number;
  readonly onValue: (value: string) => void;
}) {
  return (
    <label class="labelled">
      {label}
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {choices.map(([each, title]) => (
          <option key={each} value={each}>
            {title}
          </option>
        ))}
        {more > 0 && <option disabled>{more} more are not listed</option>}
      </select>
    </label>
  );
}

/** A field that takes effect with Enter, or when it is left. What cannot be read stays, marked. */
function Field<T>({
  label,
  value,
  placeholder,
  width,
  parse,
  onValue,
}: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly width: number;
  readonly parse: (text: string) => T | undefined;
  readonly onValue: (value: T | undefined) => void;
}) {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? value;
  const isWrong = draft !== undefined && draft.trim() !== '' && parse(draft) === undefined;
  const take = (): void => {
    if (draft === undefined || isWrong) return;
    setDraft(undefined);
    if (draft !== value) onValue(draft.trim() === '' ? undefined : parse(draft));
  };
  return (
    <input
      class="input"
      aria-label={label}
      aria-invalid={isWrong}
      placeholder={placeholder}
      size={1}
      style={{ width: `${width}px` }}
      value={text}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}
