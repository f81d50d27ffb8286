import type { Backend } from '../backend/backend.ts';
import { bugFailure } from '../backend/endpoint-error.ts';
import type { Clock } from '../model/clock.ts';
import { NEVER_LATE, type Lateness } from '../model/lateness.ts';
import type { BackendFailure } from '../model/loss.ts';
import { failed } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Timers } from '../model/timers.ts';
import { boundedCall } from './bounded-call.ts';
import type { EndpointId } from './endpoint-id.ts';
import type { EndpointSpec } from './endpoint-spec.ts';
import { knockUntil } from './knock.ts';
import {
  compareTargets,
  createMember,
  forgetSibling,
  inherit,
  learnAnswer,
  learnFailure,
  markSuspect,
  renameMember,
  stopMember,
  timeToLook,
} from './member.ts';
import type { Member } from './member.ts';
import { createBackends, unchangedMembers } from './next-members.ts';
import { ProbeQueue } from './probe-queue.ts';
import { probeEndpoint } from './probe.ts';
import type { Probe } from './probe.ts';
import { delayAfterFlood, retryDelay } from './retry-delay.ts';
import { shardKeyOf } from './shard.ts';
import { SwitchOver } from './switch-over.ts';
import type { ClusterStatus, Endpoint, Topology } from './topology.ts';
import { hangs } from './vitals/breaker-status.ts';
import { shownBy, type Vitals } from './vitals/vitals.ts';

/** What may change while a registry runs. */
export interface RegistrySettings {
  readonly replicaLabels: readonly string[];
  readonly refreshIntervalMs: number;
  /** No request takes longer: so long at most does one use the endpoints that it found when it began. */
  readonly longestRequestMs: number;
}

export interface RegistryOptions extends RegistrySettings {
  readonly clock: Clock;
  readonly timers: Timers;
  /** How late this process is itself; never where it is left out. */
  readonly lateness?: Lateness | undefined;
  /** Hears of looks at the health of endpoints. */
  readonly vitals?: Vitals | undefined;
  /** Hears of each endpoint that goes down or comes back, for the log. */
  readonly onChange?: (endpoint: Endpoint) => void;
  /** Hears of each answer of an endpoint that is a part of the topology. */
  readonly onAnswer?: (endpoint: Endpoint) => void;
}

/** One that was asked less than this ago, ms, is not asked again for a suspicion: many queries may fail at once. */
const SUSPECT_PAUSE_MS = 1000;

/**
 * A new endpoint is a part of the topology once it was asked, so that no answer warns of it meanwhile, but after this time
 * at the latest. So long at most does one that it replaces stay, ms.
 */
export const LISTING_GRACE_MS = 2000;

/**
 * Knows the endpoints: asks each one again at each interval, a failed one sooner at first and then ever less often, up
 * to the interval. Each has its own rhythm, so that a hanging one delays no other.
 */
export class EndpointRegistry {
  readonly #options: RegistryOptions;
  #settings: RegistrySettings;
  #replicaLabels: ReadonlySet<string>;
  readonly #queue: ProbeQueue;
  /** Those that are wanted, in that order. */
  #members: readonly Member[] = [];
  /** Those that are not wanted any more, but stay in the topology until others take their place. */
  readonly #leaving = new Set<Member>();
  /** Backends of removed ones whose calls may still run, with what takes their end back. */
  readonly #retired = new Map<Backend, () => void>();
  #isClosed = false;
  /** See {@link withNewOnes}. */
  #switch: SwitchOver | undefined;
  #topology: Topology = { generation: 0, endpoints: [] };

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#settings = options;
    this.#replicaLabels = new Set(options.replicaLabels);
    this.#queue = new ProbeQueue(options.timers);
  }

  topology(): Topology {
    return this.#topology;
  }

  /** When the endpoints of the topology were asked last. */
  checkedAt(): ClusterStatus['checkedAt'] {
    const checked = new Map<EndpointId, number>();
    for (const { endpoint, checkedAt } of this.#listed())
      if (checkedAt !== undefined) checked.set(endpoint.id, checkedAt);
    return checked;
  }

  /**
   * Brings the endpoints in line with what is wanted. One whose spec stays the same is left alone, also where its id is a new
   * one; one with another spec is replaced. New ones are asked at once, and become a part of the topology together, once each
   * was asked, or after {@link LISTING_GRACE_MS}; until then those stay that are not wanted any more. The very first
   * ones are there at once. Throws what a spec throws that makes no backend; then nothing has changed.
   */
  apply(wanted: ReadonlyMap<EndpointId, EndpointSpec>): void {
    if (this.#isClosed) return;
    const kept = unchangedMembers([...this.#members, ...this.#leaving], wanted);
    const backends = createBackends([...wanted].filter(([id]) => !kept.has(id)));
    const isFirst = this.#topology.generation === 0;
    const stay = new Set(kept.values());
    const gone = this.#members.filter((member) => !stay.has(member));

    for (const member of stay) if (this.#leaving.delete(member)) member.cancelGrace();
    for (const member of gone) this.#leaving.add(member);
    // An id that goes on to another must be free before. One that is not listed yet waits for its place.
    for (const member of this.#leaving)
      if (kept.get(member.endpoint.id)?.isListed === true) this.#drop(member);
    this.#rename(kept);

    const formerOnes = new Map([...this.#leaving].map((member) => [member.spec.server, member]));
    this.#members = [...wanted].map(([id, spec]) => {
      const known = kept.get(id);
      if (known !== undefined) return Object.assign(known, { spec });
      const member = createMember(id, spec, backends.get(id)!, isFirst);
      const former = formerOnes.get(spec.server);
      if (former !== undefined) inherit(member, former, this.#replicaLabels);
      return member;
    });
    for (const member of this.#members) if (!stay.has(member)) this.#join(member);
    for (const member of gone) if (this.#leaving.has(member)) this.#leave(member);
    const waiting = this.#waiting();
    this.#list(waiting.every(isAsked) ? waiting : []);
  }

  /** Keeps to other settings from now on. What was learnt stays, and is grouped anew where other labels tell replicas apart. */
  reconfigure(settings: RegistrySettings): void {
    if (this.#isClosed) return;
    const { refreshIntervalMs: before } = this.#settings;
    this.#settings = settings;
    this.#replicaLabels = new Set(settings.replicaLabels);
    const members = [...this.#members, ...this.#leaving];
    const listed = members.filter(({ isListed }) => isListed);
    for (const member of members) member.shardKey = shardKeyOf(member.endpoint, this.#replicaLabels);
    for (const member of members) {
      compareTargets(member, listed);
      if (settings.refreshIntervalMs !== before && !member.isBeingAsked) this.#schedule(member);
    }
    this.#publish();
  }

  /** Resolves once each endpoint that is wanted now was asked. */
  async asked(): Promise<void> {
    await Promise.all(this.#members.map(({ firstAsked }) => firstAsked.promise));
  }

  /**
   * Calls back in the very step in which new ones become a part of the topology, so that what depends on them changes with them; at once
   * where none waits, or where none does any more. Those that wait after {@link LISTING_GRACE_MS} are listed then, also where they came
   * later, in the place of others. Resolves then; a call of {@link close} before means never calling back. One at a time, please.
   */
  async withNewOnes(begin: () => void): Promise<void> {
    if (this.#isClosed) return;
    const switchOver = new SwitchOver(begin);
    this.#switch = switchOver;
    switchOver.look({ hasListed: false, isWaiting: this.#waiting().length > 0 });
    if (switchOver.isOver) return switchOver.done;
    const callOff = this.#options.timers.after(LISTING_GRACE_MS, () => this.#list(this.#waiting()));
    await switchOver.done.finally(callOff);
  }

  /** Those that are wanted and never answered, with what is wanted of them. */
  unanswered(): readonly { readonly endpoint: Endpoint; readonly isStrict: boolean }[] {
    return this.#members.flatMap(({ endpoint, spec, hasAnswered }) =>
      hasAnswered ? [] : [{ endpoint, isStrict: spec.isStrict === true }],
    );
  }

  /**
   * Hears that a request to an endpoint failed: it is asked again at once, and suspect until it answers. What it answers
   * then decides on its health, not the request, which may have been too heavy for it.
   */
  suspect(id: EndpointId): void {
    const member = this.#listed().find(({ endpoint }) => endpoint.id === id);
    if (member === undefined || member.isBeingAsked) return;
    const { endpoint, checkedAt = -Infinity } = member;
    if (endpoint.health.kind !== 'up' || this.#options.clock.now() - checkedAt < SUSPECT_PAUSE_MS) return;
    markSuspect(member);
    this.#publish();
    member.cancelRound();
    void this.#round(member);
  }

  /**
   * Hears that an endpoint answers neither requests nor a look at its health: it is down. That look ends, and others follow, since it
   * may go on over a connection that leads nowhere.
   */
  hang(id: EndpointId, failure: BackendFailure): void {
    const member = this.#listed().find(({ endpoint }) => endpoint.id === id);
    if (member === undefined || member.endpoint.health.kind !== 'up') return;
    learnFailure(member, failure, this.#options.clock.now());
    member.looking.abort();
    this.#publish();
    this.#options.onChange?.(member.endpoint);
  }

  /** Stops asking and closes the backends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#switch?.cancel();
    const members = [...this.#members, ...this.#leaving];
    for (const member of members) stopMember(member);
    for (const cancel of this.#retired.values()) cancel();
    const backends = [...members.map(({ endpoint }) => endpoint.backend), ...this.#retired.keys()];
    await Promise.all(backends.map((backend) => backend.close()));
  }

  #listed(): readonly Member[] {
    return [...this.#members, ...this.#leaving].filter(({ isListed }) => isListed);
  }

  #join(member: Member): void {
    if (!member.isListed)
      member.cancelGrace = this.#options.timers.after(LISTING_GRACE_MS, () => {
        this.#list(this.#waiting().filter((each) => each === member || isAsked(each)));
      });
    void this.#round(member);
  }

  /** New ones that are not a part of the topology yet. */
  #waiting(): readonly Member[] {
    return this.#members.filter(({ isListed }) => !isListed);
  }

  /** Makes new ones a part of the topology, in one step with the end of those whose place they take. */
  #list(members: readonly Member[]): void {
    for (const member of members) {
      member.cancelGrace();
      member.isListed = true;
    }
    this.#dropReplaced();
    this.#switch?.look({ hasListed: members.length > 0, isWaiting: this.#waiting().length > 0 });
    for (const member of members) this.#compare(member);
    this.#publish();
    for (const { endpoint } of members) if (endpoint.health.kind === 'up') this.#options.onAnswer?.(endpoint);
  }

  #compare(member: Member): void {
    const listed = this.#members.filter(({ isListed }) => isListed);
    compareTargets(member, listed);
  }

  /** Lets one stay for the time that its successors take. */
  #leave(member: Member): void {
    member.cancelGrace();
    if (!member.isListed) return this.#drop(member);
    member.cancelGrace = this.#options.timers.after(LISTING_GRACE_MS, () => {
      // Those that wait may have come later, and what it stood for must not be missing without a word.
      this.#drop(member);
      this.#list(this.#waiting());
    });
  }

  /** Removes those whose place is taken: by one with the same id, or because nobody is waited for any more. */
  #dropReplaced(): void {
    const isWaiting = this.#waiting().length > 0;
    const listed = new Set(
      this.#members.filter(({ isListed }) => isListed).map(({ endpoint }) => endpoint.id),
    );
    for (const member of this.#leaving) if (!isWaiting || listed.has(member.endpoint.id)) this.#drop(member);
  }

  /** Its backend is closed once no request can go on that began before. */
  #drop(member: Member): void {
    if (!this.#leaving.delete(member)) return;
    stopMember(member);
    this.#forget(member);
    const { backend } = member.endpoint;
    const longest = Math.max(member.spec.timeoutMs, this.#settings.longestRequestMs);
    const cancel = this.#options.timers.after(longest, () => {
      this.#retired.delete(backend);
      void backend.close();
    });
    this.#retired.set(backend, cancel);
  }

  #forget(gone: Member): void {
    const { endpoint, spec } = gone;
    const staysKnown = this.#members.some(
      (member) => member !== gone && member.endpoint.id === endpoint.id && member.spec.server === spec.server,
    );
    if (staysKnown) return;
    for (const other of [...this.#members, ...this.#leaving]) forgetSibling(other, gone);
  }

  #rename(kept: ReadonlyMap<EndpointId, Member>): void {
    const renamed = new Map<EndpointId, EndpointId>();
    for (const [id, { endpoint }] of kept) if (endpoint.id !== id) renamed.set(endpoint.id, id);
    if (renamed.size === 0) return;
    for (const member of kept.values()) renameMember(member, renamed);
  }

  async #round(member: Member): Promise<void> {
    member.isBeingAsked = true;
    await this.#queue.run(() => this.#ask(member));
    member.isBeingAsked = false;
    member.firstAsked.resolve();
    if (!member.stopped.signal.aborted) this.#schedule(member);
  }

  #schedule(member: Member): void {
    member.cancelRound();
    const { refreshIntervalMs } = this.#settings;
    const { failures, floods } = member;
    const delay =
      floods > 0 ? delayAfterFlood(floods, refreshIntervalMs) : retryDelay(failures, refreshIntervalMs);
    member.cancelRound = this.#options.timers.after(delay, () => void this.#round(member));
  }

  async #ask(member: Member): Promise<void> {
    const { signal } = member.stopped;
    if (signal.aborted) return;
    const probed = await this.#probe(member);
    if (signal.aborted) return;
    // It is known to hang, which is all that is to be known.
    if (!probed.ok && probed.failure.kind === 'canceled') return;
    const { kind: before } = member.endpoint.health;
    member.checkedAt = this.#options.clock.now();
    if (probed.ok) learnAnswer(member, probed.value, this.#replicaLabels);
    else learnFailure(member, probed.failure, member.checkedAt);
    if (member.isListed) {
      if (!this.#leaving.has(member)) this.#compare(member);
      this.#publish();
      if (probed.ok) this.#options.onAnswer?.(member.endpoint);
    } else {
      // Together: where two replicas get other labels, one alone would be a shard of its own, and count twice.
      const waiting = this.#waiting();
      if (waiting.every(isAsked)) this.#list(waiting);
    }
    if (before !== member.endpoint.health.kind) this.#options.onChange?.(member.endpoint);
  }

  async #probe(member: Member): Promise<Result<Probe, BackendFailure>> {
    const { spec, endpoint, stopped } = member;
    const { clock, timers, lateness = NEVER_LATE } = this.#options;
    const { address } = spec;
    const vitals = this.#options.vitals?.of(endpoint.backend);
    const began = clock.monotonic();
    member.looking = new AbortController();
    vitals?.see({ kind: 'probe-began' });
    const over = new AbortController();
    const knock = async (): Promise<void> => {
      if (vitals === undefined) return;
      const isHanging = await knockUntil(over.signal, endpoint.backend, { timers, lateness, vitals });
      if (isHanging) this.hang(member.endpoint.id, hangs(address));
    };
    let probed: Result<Probe, BackendFailure>;
    try {
      const looked = boundedCall(
        { address, timeoutMs: timeToLook(member), leftMs: Infinity, timers, lateness },
        stopped.signal,
        (signal, reading) => probeEndpoint(endpoint.backend, clock.now(), signal, reading),
        member.looking,
      ).finally(() => over.abort());
      [probed] = await Promise.all([looked, knock()]);
    } catch (thrown) {
      // A bug in one backend is no reason to stop asking.
      probed = failed(bugFailure(address, thrown));
    }
    if (probed.ok) member.tookMs = clock.monotonic() - began;
    vitals?.see({ kind: shownBy(probed) });
    return probed;
  }

  /** Makes a new snapshot where there is something new. */
  #publish(): void {
    const { generation, endpoints: before } = this.#topology;
    const endpoints = this.#listed().map(({ endpoint }) => endpoint);
    if (endpoints.length === before.length && endpoints.every((endpoint, i) => endpoint === before[i]))
      return;
    this.#topology = { generation: generation + 1, endpoints };
  }
}

function isAsked({ checkedAt }: Member): boolean {
  return checkedAt !== undefined;
}
