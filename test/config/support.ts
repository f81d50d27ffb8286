import { loadConfig } from '../../src/config/load.ts';

/** What is wrong with a configuration file `pw.yaml`, a line each. */
export function problemsOf(text: string): readonly string[] {
  try {
    loadConfig({ file: 'pw.yaml', text });
  } catch (thrown) {
    return (thrown as Error).message.split('\n');
  }
  return [];
}
