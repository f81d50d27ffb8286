import { existsSync, readFileSync } from 'node:fs';

/** Answers of a real server, kept as bytes. */
export interface Recording {
  /** The server's name and version. */
  readonly name: string;
  /** A file by its path in the recording's folder. */
  read(path: string): Buffer;
}

const OWN_FOLDER = new URL('../recordings/prometheus-2.42/', import.meta.url);
const SHARED_FOLDER = new URL('../../../shared/recorded/', import.meta.url);

/** Made by scripts/record-prometheus.ts; it is always there. */
export const OWN_RECORDING: Recording = recordingIn('Prometheus 2.42', OWN_FOLDER);

/** What newer servers answered, which may lie beside the checkout. */
export const SHARED_RECORDING: Recording = recordingIn('Prometheus 3.14', SHARED_FOLDER);

/**
 * Our own recording, and the one beside the checkout where it is there. `tests` names what is left out where it is not:
 * `queries of Prometheus 3.14 are parsed`.
 */
export function recordings(tests: string): readonly Recording[] {
  return recordedAvailable(tests) ? [OWN_RECORDING, SHARED_RECORDING] : [OWN_RECORDING];
}

/** Whether the recorded answers of newer servers lie beside the checkout; names the tests that are left out where they do not. */
export function recordedAvailable(tests: string): boolean {
  const available = existsSync(SHARED_FOLDER);
  if (!available) console.log(leftOut(tests, SHARED_FOLDER));
  return available;
}

/** What a run of the tests says of those that need a folder which a clone alone does not have. */
export function leftOut(tests: string, folder: URL): string {
  return `# left out: ${tests}. ${folder.pathname} is absent; test/README.md says what checks the same kind without it`;
}

function recordingIn(name: string, folder: URL): Recording {
  return { name, read: (path) => readFileSync(new URL(path, folder)) };
}
