interface Props<T extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [value: T, title: string, help?: string])[];
  readonly chosen: string;
  readonly onChoose: (value: T) => void;
}

/** Buttons of which one is pressed. */
export function Choice<T extends string>({ label, choices, chosen, onChoose }: Props<T>) {
  return (
    <div class="joined" role="group" aria-label={label}>
      {choices.map(([value, title, help]) => (
        <button key={value} aria-pressed={value === chosen} title={help} onClick={() => onChoose(value)}>
          {title}
        </button>
      ))}
    </div>
  );
}
