/**
 * Compose files against the schema of the Compose Specification. `compose-spec.json` is that of compose-go 2.16.2, as it is; it is licensed under
 * Apache-2.0, as this project.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const schema = JSON.parse(readFileSync(new URL('./compose-spec.json', import.meta.url), 'utf8')) as object;
// It has formats and keywords of its own.
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

/** What is wrong with a compose file, each with the path to it; empty where it is right. */
export function composeProblems(yaml: string): readonly string[] {
  validate(parse(yaml, { merge: true }));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
