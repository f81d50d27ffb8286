interface Props {
  /** The name of the colour: `whole`, `good`, `patched`, `missing` or `failed`. */
  readonly state: string;
  readonly word?: string;
  readonly title?: string;
}

/** A state as a coloured word; the dot beside it says nothing else. */
export function StateWord({ state, word = state, title }: Props) {
  return (
    <span class={`state is-${state}`} title={title}>
      {word}
    </span>
  );
}
