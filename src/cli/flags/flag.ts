/** How a flag is written: `--name=value`, `--name`/`--no-name`, or repeated, where commas part a list unless it is of whole values. */
export type FlagKind = 'value' | 'switch' | 'repeated' | 'repeated-whole' | 'number';

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** Shown in `--help` behind the name. */
  readonly placeholder?: string;
  readonly help: string;
  /** The setting of the configuration file that the flag replaces; undefined for flags of the command itself. */
  readonly setting?: readonly string[];
  /** What each item of the setting has beside the value. */
  readonly each?: Readonly<Record<string, unknown>>;
}
