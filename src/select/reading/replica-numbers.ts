import { EMPTY_LABELS, valuesKey } from '../../model/labels.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { ReplicaView } from '../../model/request-scope.ts';

/** An endpoint that answered, and the shard that it is of. */
interface Answering {
  readonly endpoint: Endpoint;
  readonly shard: string;
}

/**
 * Numbers the replicas of an answer: those of which series came, by the values of their replica labels and by endpoint.
 *
 * The labels of a server name it. So a store that servers write to has the very samples of the server whose replica labels its series
 * carry, and what both have of a series is one replica: it has no seam, and nothing is chosen. Endpoints of one shard whose own
 * labels are the same are no such pair, because they may scrape by themselves. Neither is one whose series carry the label as data.
 */
export class ReplicaNumbers {
  readonly #labels: readonly string[];
  readonly #unmarked: string;
  readonly #alike: ReadonlySet<Endpoint>;
  readonly #numbers = new Map<string, number>();
  readonly #sources: number[] = [];
  readonly #sourceOf = new Map<string, number>();

  constructor(answering: readonly Answering[], { replicaLabels }: Pick<ReplicaView, 'replicaLabels'>) {
    this.#labels = replicaLabels;
    this.#unmarked = valuesKey(EMPTY_LABELS, replicaLabels);
    this.#alike = alikeIn(answering, replicaLabels);
  }

  /** Names of replicas by their number: values of the replica labels, then the endpoint's id. */
  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** By the number of a replica: a number that those share which have samples of the same server. */
  get sources(): Uint32Array {
    return Uint32Array.from(this.#sources);
  }

  /**
   * @param labels of a series that came.
   * @param isData whether a replica label of the series stays, since it is that of an application.
   */
  numberOf(labels: Parameters<typeof valuesKey>[0], endpoint: Endpoint, isData: boolean): number {
    const values = valuesKey(labels, this.#labels);
    const name = `${values} ${endpoint.id}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    const isAlone = isData || values === this.#unmarked || this.#alike.has(endpoint);
    const key = isAlone ? `of ${name}` : `by ${values}`;
    const source = this.#sourceOf.get(key) ?? this.#sourceOf.size;
    this.#sourceOf.set(key, source);
    this.#sources.push(source);
    return number;
  }
}

/** Endpoints that have the very labels of another one of their shard. */
function alikeIn(answering: readonly Answering[], replicaLabels: readonly string[]): ReadonlySet<Endpoint> {
  const byMark = Map.groupBy(answering, ({ endpoint: { externalLabels = EMPTY_LABELS }, shard }) =>
    JSON.stringify([shard, valuesKey(externalLabels, replicaLabels)]),
  );
  const unmarked = valuesKey(EMPTY_LABELS, replicaLabels);
  return new Set(
    [...byMark.values()].flatMap((all) => {
      const { externalLabels = EMPTY_LABELS } = all[0]!.endpoint;
      const isMarked = valuesKey(externalLabels, replicaLabels) !== unmarked;
      return isMarked && all.length > 1 ? all.map(({ endpoint }) => endpoint) : [];
    }),
  );
}
