/** What clients may ask of the process, where they are allowed to. */
export interface ServerControl {
  readonly isEnabled: () => boolean;
  /** Has the process stop. False where it is stopping already. */
  readonly quit: () => boolean;
}

/** Of a server that cannot be controlled by its clients. */
export const NO_CONTROL: ServerControl = { isEnabled: () => false, quit: () => false };
