import { isDeepStrictEqual } from 'node:util';
import type { Backend } from '../backend/backend.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { EndpointId } from './endpoint-id.ts';
import type { EndpointSpec } from './endpoint-spec.ts';
import type { Probe } from './probe.ts';
import { coveredFraction } from './redundancy.ts';
import { shardKeyOf } from './shard.ts';
import type { Endpoint } from './topology.ts';
import { chooseWitnesses } from './witnesses.ts';

/** An endpoint of a registry, with what only the registry needs to know of it. */
export interface Member {
  spec: EndpointSpec;
  readonly stopped: AbortController;
  /** Resolves once it was asked for the first time, or is not wanted any more. */
  readonly firstAsked: PromiseWithResolvers<void>;
  endpoint: Endpoint;
  /** Whether it is a part of the topology. */
  isListed: boolean;
  targets: ReadonlySet<string> | 'too-many' | undefined;
  /** Equal for members of one shard; undefined where its labels are not known. */
  shardKey: string | undefined;
  /** ms since the epoch. */
  checkedAt: number | undefined;
  /** Looks in a row that failed, and that came with more than is read. */
  failures: number;
  floods: number;
  hasAnswered: boolean;
  isBeingAsked: boolean;
  /** How long its last answer took, ms; undefined where there was none. */
  tookMs: number | undefined;
  /** Ends the look at its health that goes on, and nothing else. */
  looking: AbortController;
  /** Takes the next time that it is asked back. */
  cancelRound: () => void;
  /** Takes the end of the time back that it is waited for, or waits for others. */
  cancelGrace: () => void;
}

/** One that is down may take so long to answer, or so many times as long as it took before, ms: it is asked again and again. */
const LEAST_LOOK_MS = 5000;
const TIMES_AS_LONG = 4;

export function createMember(
  id: EndpointId,
  spec: EndpointSpec,
  backend: Backend,
  isListed: boolean,
): Member {
  const { address, externalLabels, replication, timeoutMs, window, fingerprint } = spec;
  const endpoint: Endpoint = {
    id,
    backend,
    spec: fingerprint,
    address,
    externalLabels,
    ownLabels: externalLabels === undefined ? 'unknown' : new Set(),
    health: { kind: 'pending' },
    protocol: '',
    version: '',
    minTime: -Infinity,
    maxTime: Infinity,
    window,
    timeoutMs,
    replication,
    hasTooManyTargets: false,
    covered: new Map(),
  };
  return {
    spec,
    stopped: new AbortController(),
    firstAsked: Promise.withResolvers(),
    endpoint,
    isListed,
    targets: undefined,
    shardKey: undefined,
    checkedAt: undefined,
    failures: 0,
    floods: 0,
    hasAnswered: false,
    isBeingAsked: false,
    tookMs: undefined,
    looking: new AbortController(),
    cancelRound: () => {},
    cancelGrace: () => {},
  };
}

/** Takes over what is known of the same server, which was asked in another way so far, and may be away now. */
export function inherit(member: Member, former: Member, replicaLabels: ReadonlySet<string>): void {
  const { endpoint, targets, failures, hasAnswered } = former;
  const { id, backend, spec, timeoutMs, replication, window, health } = member.endpoint;
  member.targets = targets;
  member.failures = failures;
  member.hasAnswered = hasAnswered;
  member.endpoint = {
    ...endpoint,
    id,
    backend,
    spec,
    timeoutMs,
    replication,
    window,
    health: endpoint.health.kind === 'down' ? endpoint.health : health,
  };
  member.shardKey = shardKeyOf(member.endpoint, replicaLabels);
}

/** Ends all that goes on for it. Its backend stays open. */
export function stopMember(member: Member): void {
  member.stopped.abort();
  member.cancelRound();
  member.cancelGrace();
  member.firstAsked.resolve();
}

/** Takes over what it answered. */
export function learnAnswer(
  member: Member,
  { description, targets }: Probe,
  replicaLabels: ReadonlySet<string>,
): void {
  const { spec, endpoint } = member;
  const { externalLabels, labelSets, ownLabelNames, protocol, version, minTime, maxTime } = description;
  const isConfigured = spec.externalLabels !== undefined;
  member.failures = 0;
  member.floods = 0;
  member.hasAnswered = true;
  member.targets = comparable(targets);
  change(member, {
    ...endpoint,
    externalLabels: spec.externalLabels ?? externalLabels,
    labelSets: isConfigured ? undefined : labelSets,
    ownLabels: ownLabelNames,
    protocol,
    version,
    minTime,
    maxTime,
    component: description.component,
    clockOffsetMs: description.clockOffsetMs,
    hasTooManyTargets: targets.kind === 'too-many',
    witnesses: chooseWitnesses(endpoint.witnesses, targets.kind === 'unknown' ? undefined : targets.byKey),
    health: { kind: 'up' },
  });
  member.shardKey = shardKeyOf(member.endpoint, replicaLabels);
}

function comparable(targets: Probe['targets']): Member['targets'] {
  switch (targets.kind) {
    case 'listed':
      return new Set(targets.byKey.keys());
    case 'too-many':
      return 'too-many';
    case 'unknown':
      return undefined;
  }
}

/** @param now ms since the epoch. */
export function learnFailure(member: Member, failure: BackendFailure, now: number): void {
  member.failures++;
  member.floods = failure.kind === 'too_large' ? member.floods + 1 : 0;
  // Old targets are not compared with the new ones of others: what changed meanwhile would look like a difference.
  member.targets = undefined;
  const { health } = member.endpoint;
  const since = health.kind === 'down' ? health.since : now;
  change(member, { ...member.endpoint, health: { kind: 'down', failure, since } });
}

export function markSuspect(member: Member): void {
  change(member, { ...member.endpoint, health: { kind: 'up', isSuspect: true } });
}

/** Renews, in both directions, what a member and its siblings have in common, where both answered last time. */
export function compareTargets(member: Member, others: Iterable<Member>): void {
  for (const other of others) {
    if (other === member) continue;
    const [own, its] = [member.targets, other.targets];
    if (other.shardKey !== member.shardKey || own === 'too-many' || its === 'too-many') {
      setCovered(member, other, undefined);
      setCovered(other, member, undefined);
    } else if (own !== undefined && its !== undefined) {
      setCovered(member, other, coveredFraction(own, its));
      setCovered(other, member, coveredFraction(its, own));
    }
  }
}

function setCovered(member: Member, by: Member, fraction: number | undefined): void {
  const { id } = by.endpoint;
  if (member.endpoint.covered.get(id) === fraction) return;
  const covered = new Map(member.endpoint.covered);
  if (fraction === undefined) covered.delete(id);
  else covered.set(id, fraction);
  change(member, { ...member.endpoint, covered });
}

/** Forgets what a member has in common with one that is gone. */
export function forgetSibling(member: Member, gone: Member): void {
  setCovered(member, gone, undefined);
}

/** Gives a member and its siblings their new ids; those that are not in the map stay. */
export function renameMember(member: Member, renamed: ReadonlyMap<EndpointId, EndpointId>): void {
  const nameOf = (id: EndpointId): EndpointId => renamed.get(id) ?? id;
  const { id, covered } = member.endpoint;
  change(member, {
    ...member.endpoint,
    id: nameOf(id),
    covered: new Map([...covered].map(([other, fraction]) => [nameOf(other), fraction])),
  });
}

/** What stays the same stays the same object, so that a check which learns nothing new makes no new topology. */
function change(member: Member, next: Endpoint): void {
  const { backend: _, ...before } = member.endpoint;
  const { backend: __, ...after } = next;
  if (!isDeepStrictEqual(before, after)) member.endpoint = next;
}

/** How long a look at its health may take, ms. */
export function timeToLook({ spec, endpoint, tookMs }: Member): number {
  const { timeoutMs } = spec;
  if (endpoint.health.kind !== 'down' || tookMs === undefined) return timeoutMs;
  return Math.min(timeoutMs, Math.max(LEAST_LOOK_MS, TIMES_AS_LONG * tookMs));
}
