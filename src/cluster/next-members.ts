import type { Backend } from '../backend/backend.ts';
import type { EndpointId } from './endpoint-id.ts';
import type { EndpointSpec } from './endpoint-spec.ts';
import type { Member } from './member.ts';

/** The members that go on, by their new ids: those of the same spec and id, then those whose spec has another id now. */
export function unchangedMembers(
  known: readonly Member[],
  wanted: ReadonlyMap<EndpointId, EndpointSpec>,
): ReadonlyMap<EndpointId, Member> {
  const kept = new Map<EndpointId, Member>();
  const others = new Map<string, Member>();
  for (const member of known) {
    const { id } = member.endpoint;
    const { fingerprint } = member.spec;
    if (wanted.get(id)?.fingerprint === fingerprint && !kept.has(id)) kept.set(id, member);
    else others.set(fingerprint, member);
  }
  for (const [id, { fingerprint }] of wanted) {
    const member = others.get(fingerprint);
    if (member === undefined || kept.has(id)) continue;
    kept.set(id, member);
    others.delete(fingerprint);
  }
  return kept;
}

/** All or none: where one cannot be made, those before it are closed again. */
export function createBackends(
  specs: readonly (readonly [EndpointId, EndpointSpec])[],
): ReadonlyMap<EndpointId, Backend> {
  const backends = new Map<EndpointId, Backend>();
  try {
    for (const [id, spec] of specs) backends.set(id, spec.createBackend());
  } catch (thrown) {
    for (const backend of backends.values()) void backend.close();
    throw thrown;
  }
  return backends;
}
