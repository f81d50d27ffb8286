import { failed, type Result } from '../model/result.ts';

/** What clients may ask of the process, where they are allowed to. */
export interface ServerControl {
  readonly isEnabled: () => boolean;
  /** Has the process stop. False where it is stopping already. */
  readonly quit: () => boolean;
  /** Reads the configuration again. Resolves to what else is to be said, as sentences, or to what is wrong with it. */
  readonly reload: () => Promise<Result<readonly string[], string>>;
}

/** Of a server that cannot be controlled by its clients. */
export const NO_CONTROL: ServerControl = {
  isEnabled: () => false,
  quit: () => false,
  reload: async () => failed('it cannot be read again'),
};
