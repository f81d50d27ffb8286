/** The shortest text that Go's bcrypt takes for a hash (golang.org/x/crypto/bcrypt, minHashSize). */
const SHORTEST = 59;
const LOWEST_COST = 4;
const HIGHEST_COST = 31;

/** `$2$` and what follows, as Go's bcrypt takes it apart: a major version up to 2, perhaps a minor one, and the cost. */
const PARTS = /^\$[0-2](?:[^$].|\$)(?<cost>\d{2})/s;

/** The cost of a bcrypt hash, the logarithm of its rounds; undefined where the text is no such hash. It takes what Go takes. */
export function bcryptCost(hash: string): number | undefined {
  const given = hash.length < SHORTEST ? undefined : PARTS.exec(hash)?.groups?.['cost'];
  const cost = Number(given);
  return cost >= LOWEST_COST && cost <= HIGHEST_COST ? cost : undefined;
}
