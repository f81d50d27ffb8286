import { QueryError } from '../model/errors.ts';
import { readConfigDocument } from './document.ts';

/** RFC 6750 §2.1. Shorter tokens can be guessed. */
const TOKEN = /^[A-Za-z0-9\-._~+/]{16,512}=*$/;

/** Each is a client. */
const MOST = 10_000;
/** Of more problems the first are told. */
const MOST_TOLD = 100;

/**
 * Reads a file of bearer tokens: a mapping of the names of clients to their tokens.
 * @throws QueryError `bad_data` with one line a problem, which quotes no token.
 */
export function readTokens(file: string, content: string): ReadonlyMap<string, string> {
  const { value = {}, lineOf } = readConfigDocument(
    { file, text: content },
    'this is no YAML, or a name is there twice',
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new QueryError('bad_data', `${file}: it must be a mapping of names of clients to tokens`);
  const tokens = new Map<string, string>();
  const problems: string[] = [];
  const owners = new Map<string, string>();
  for (const [name, token] of Object.entries(value)) {
    const owner = typeof token === 'string' ? owners.get(token) : undefined;
    // Only where something is wrong, since all names are looked through for it.
    const told = (problem: string): void => {
      if (problems.length < MOST_TOLD) problems.push(`${file}:${lineOf([name]) ?? 1}: ${problem}`);
    };
    const its = `the token of ${JSON.stringify(name)}`;
    if (name === '') told('a client has no name');
    else if (typeof token !== 'string' || !TOKEN.test(token))
      told(`${its} must have 16 to 512 of the characters A-Z a-z 0-9 - . _ ~ + /`);
    else if (owner !== undefined) told(`${its} is that of ${JSON.stringify(owner)}, too`);
    else {
      tokens.set(name, token);
      owners.set(token, name);
    }
  }
  if (tokens.size > MOST) problems.push(`${file}: it has ${tokens.size} tokens; ${MOST} are the most`);
  if (problems.length > 0) throw new QueryError('bad_data', problems.join('\n'));
  return tokens;
}
