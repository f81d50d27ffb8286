import type { Backend } from '../backend/backend.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { Clock } from '../model/clock.ts';
import type { Labels } from '../model/labels.ts';
import type { Timers } from '../model/timers.ts';
import { boundedCall, timeLimit } from './bounded-call.ts';
import { probeEndpoint } from './probe.ts';
import type { Probe, Targets } from './probe.ts';
import { coveredFraction } from './redundancy.ts';
import { retryDelay } from './retry-delay.ts';
import { shardsOf } from './shard.ts';
import type { Replication } from '../model/replication.ts';
import type { Endpoint, Topology } from './topology.ts';
import { chooseWitnesses } from './witnesses.ts';

export interface EndpointSpec {
  readonly backend: Backend;
  /** Configured labels; undefined to take those that the endpoint tells. */
  readonly externalLabels?: Labels | undefined;
  readonly replication: Replication;
  readonly timeoutMs: number;
}

export interface RegistryOptions {
  readonly endpoints: readonly EndpointSpec[];
  readonly replicaLabels: readonly string[];
  readonly refreshIntervalMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Hears of each endpoint that goes down or comes back, for the log. */
  readonly onChange?: (endpoint: Endpoint) => void;
}

interface Member {
  readonly spec: EndpointSpec;
  readonly stopped: AbortController;
  /** One that was added later is a part of the topology once it was asked. */
  isListed: boolean;
  endpoint: Endpoint;
  targets: Targets | undefined;
  failures: number;
  isBeingAsked: boolean;
  cancelTimer: () => void;
}

/** One that was asked less than this ago, ms, is not asked again for a suspicion: many queries may fail at once. */
const SUSPECT_PAUSE_MS = 1000;

/**
 * Knows the endpoints: asks each one again at each interval, a failed one sooner at first and then ever less often, up
 * to the interval. Each has its own rhythm, so that a hanging one delays no other.
 */
export class EndpointRegistry {
  readonly #options: RegistryOptions;
  readonly #members: Member[];
  /** Removed ones whose calls may still run, with what takes their end back. */
  readonly #retired = new Map<Backend, () => void>();
  #isClosed = false;
  readonly #replicaLabels: ReadonlySet<string>;
  #topology: Topology;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#replicaLabels = new Set(options.replicaLabels);
    this.#members = options.endpoints.map((spec) => createMember(spec, true));
    this.#topology = this.#snapshot();
  }

  topology(): Topology {
    return this.#topology;
  }

  /** Asks every endpoint once and then keeps asking until {@link close}. Resolves after the first round. */
  async start(): Promise<void> {
    await Promise.all(this.#members.map((member) => this.#round(member)));
  }

  /** Asks every endpoint once, now. */
  async refresh(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#members.map((member) => this.#probe(member, AbortSignal.any([signal, member.stopped.signal]))),
    );
  }

  /** Asks a further endpoint, then makes it a part of the topology, healthy or not, and keeps asking it. */
  async add(spec: EndpointSpec): Promise<void> {
    if (this.#isClosed) return spec.backend.close();
    const member = createMember(spec, false);
    this.#members.push(member);
    await this.#round(member);
  }

  /**
   * Takes an endpoint out of the topology. Its backend is closed after its timeout: no call that began before takes
   * longer.
   */
  remove(address: string): void {
    const at = this.#members.findIndex(({ spec }) => spec.backend.address === address);
    if (at === -1) return;
    const [member] = this.#members.splice(at, 1);
    stop(member!);
    for (const other of this.#members) forgetCovered(other, address);
    this.#topology = this.#snapshot();
    const { backend, timeoutMs } = member!.spec;
    const cancel = this.#options.timers.after(timeoutMs, () => {
      this.#retired.delete(backend);
      void backend.close();
    });
    this.#retired.set(backend, cancel);
  }

  /**
   * Hears that a request to an endpoint failed: it is asked again at once, and suspect until it answers. What it answers
   * then decides on its health, not the request, which may have been too heavy for it.
   */
  suspect(address: string): void {
    const member = this.#members.find(({ spec }) => spec.backend.address === address);
    if (member === undefined || member.isBeingAsked || member.stopped.signal.aborted) return;
    const { health, checkedAt = -Infinity } = member.endpoint;
    if (health.kind !== 'up' || this.#options.clock.now() - checkedAt < SUSPECT_PAUSE_MS) return;
    member.endpoint = { ...member.endpoint, health: { kind: 'up', isSuspect: true } };
    this.#topology = this.#snapshot();
    member.cancelTimer();
    void this.#round(member);
  }

  /** Stops asking and closes the backends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const member of this.#members) stop(member);
    for (const cancel of this.#retired.values()) cancel();
    const backends = [...this.#members.map(({ spec }) => spec.backend), ...this.#retired.keys()];
    await Promise.all(backends.map((backend) => backend.close()));
  }

  async #round(member: Member): Promise<void> {
    member.isBeingAsked = true;
    await this.#probe(member, member.stopped.signal);
    member.isBeingAsked = false;
    if (member.stopped.signal.aborted) return;
    const delay = retryDelay(member.failures, this.#options.refreshIntervalMs);
    member.cancelTimer = this.#options.timers.after(delay, () => void this.#round(member));
  }

  async #probe(member: Member, signal: AbortSignal): Promise<void> {
    const { clock, timers } = this.#options;
    const { backend, timeoutMs } = member.spec;
    const probed = await boundedCall(
      { address: backend.address, limit: timeLimit(timeoutMs, Infinity), timers },
      signal,
      (inner) => probeEndpoint(backend, clock.now(), inner),
    );
    if (signal.aborted) return;
    const before = member.endpoint;
    if (probed.ok) this.#answered(member, probed.value);
    else this.#failed(member, probed.failure);
    member.isListed = true;
    this.#compareTargets(member);
    this.#topology = this.#snapshot();
    if (before.health.kind !== member.endpoint.health.kind) this.#options.onChange?.(member.endpoint);
  }

  #answered(member: Member, { description, targets }: Probe): void {
    member.failures = 0;
    member.targets = targets;
    member.endpoint = {
      ...member.endpoint,
      ...description,
      externalLabels: member.spec.externalLabels ?? description.externalLabels,
      labelSets: member.spec.externalLabels === undefined ? description.labelSets : undefined,
      witnesses: chooseWitnesses(member.endpoint.witnesses, targets),
      health: { kind: 'up' },
      answeredAt: this.#options.clock.now(),
      checkedAt: this.#options.clock.now(),
    };
  }

  #failed(member: Member, failure: BackendFailure): void {
    member.failures++;
    // Old targets are not compared with the new ones of others: what changed meanwhile would look like a difference.
    member.targets = undefined;
    const { health } = member.endpoint;
    const now = this.#options.clock.now();
    const since = health.kind === 'down' ? health.since : now;
    member.endpoint = { ...member.endpoint, checkedAt: now, health: { kind: 'down', failure, since } };
  }

  /** Renews, in both directions, what this endpoint and its siblings have in common, where both answered last time. */
  #compareTargets(member: Member): void {
    const { targets } = member;
    if (targets === undefined) return;
    const shard = shardsOf(this.#snapshot().endpoints, this.#replicaLabels).find(({ endpoints }) =>
      endpoints.includes(member.endpoint),
    );
    for (const other of this.#members) {
      if (other === member || other.targets === undefined) continue;
      if (shard?.endpoints.includes(other.endpoint) !== true) continue;
      setCovered(member, other, coveredFraction(targets, other.targets));
      setCovered(other, member, coveredFraction(other.targets, targets));
    }
  }

  #snapshot(): Topology {
    return { endpoints: this.#members.filter(({ isListed }) => isListed).map(({ endpoint }) => endpoint) };
  }
}

function createMember(spec: EndpointSpec, isListed: boolean): Member {
  return {
    spec,
    stopped: new AbortController(),
    isListed,
    endpoint: pendingEndpoint(spec),
    targets: undefined,
    failures: 0,
    isBeingAsked: false,
    cancelTimer: () => {},
  };
}

function stop(member: Member): void {
  member.stopped.abort();
  member.cancelTimer();
}

function forgetCovered(member: Member, address: string): void {
  if (!member.endpoint.covered.has(address)) return;
  const covered = new Map(member.endpoint.covered);
  covered.delete(address);
  member.endpoint = { ...member.endpoint, covered };
}

function setCovered(member: Member, by: Member, fraction: number): void {
  const covered = new Map(member.endpoint.covered).set(by.endpoint.address, fraction);
  member.endpoint = { ...member.endpoint, covered };
}

function pendingEndpoint({ backend, externalLabels, replication, timeoutMs }: EndpointSpec): Endpoint {
  return {
    backend,
    address: backend.address,
    externalLabels,
    ownLabels: 'unknown',
    health: { kind: 'pending' },
    protocol: '',
    version: '',
    minTime: -Infinity,
    maxTime: Infinity,
    answeredAt: undefined,
    timeoutMs,
    replication,
    covered: new Map(),
  };
}
