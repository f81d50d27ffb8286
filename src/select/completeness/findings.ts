import { coverOf } from '../../cluster/redundancy.ts';
import { AnnotationSink, remark, type Annotation, type Remark } from '../../model/annotations.ts';
import { QueryError } from '../../model/errors.ts';
import { formatLabels } from '../../model/format-labels.ts';
import { isRestricted } from '../../model/enforced-matchers.ts';
import { lossTextFor } from '../../model/loss-text.ts';
import { isRefused, type Loss } from '../../model/loss.ts';
import type { Caller } from '../../model/request-scope.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import type { ReplicaData, SeriesGroup } from '../reading/replica-data.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import type { EndpointNote } from '../../backend/answered.ts';
import type { HoleWatch } from './hole-watch.ts';

/** What a server says may name what a tenant cannot see. */
const HEARD_FOR_TENANT = remark(
  'warning',
  'a server that holds some of your data says something beside its answer, which those who operate the gateway can read',
);

type WatchedLoss = Extract<Loss, { readonly kind: 'replica' | 'unreadable' | 'reported' }>;

/**
 * What is to be said beside one answer, collected while it is made. Where a replica was lost and others have it all, their
 * series are watched for holes while they are read.
 */
export class Findings {
  readonly #caller: Pick<Caller, 'enforced'>;
  readonly #sink = new AnnotationSink();
  readonly #mayLack: boolean;
  readonly #watch: HoleWatch | undefined;
  readonly #replaced: WatchedLoss[] = [];

  /**
   * @param caller reads what refusals say.
   * @param mayLack whether an answer that lacks something is still an answer.
   * @param watch looks at the series, where the answer has samples.
   */
  constructor(caller: Pick<Caller, 'enforced'>, mayLack: boolean, watch?: HoleWatch) {
    this.#caller = caller;
    this.#mayLack = mayLack;
    this.#watch = watch;
  }

  /** Takes losses down. Throws `unavailable` where the answer may not lack what they tell. */
  take(losses: readonly Loss[]): void {
    const refusal = this.#mayLack ? undefined : refusalOf(this.#caller, losses);
    if (refusal !== undefined) throw new QueryError('unavailable', refusal);
    for (const loss of losses) {
      if (isReplaced(loss) && this.#watch !== undefined) {
        this.#replaced.push(loss);
        this.#watch.watch(loss.shard);
      } else this.#sink.add(loss);
    }
  }

  /** Takes down what endpoints say beside their answers, but that these lack something: that is judged with the losses. */
  heard(shards: readonly ShardOutcome<{ readonly annotations: readonly EndpointNote[] }>[]): void {
    for (const { outcomes } of shards)
      for (const { route, result } of outcomes) {
        if (!result.ok) continue;
        const { id: endpoint } = route.endpoint;
        for (const note of result.value.annotations)
          if (note.kind === 'remark') this.#hear(endpoint, note);
          else if (note.kind !== 'incomplete') this.#sink.add(note);
      }
  }

  #hear(endpoint: string, note: Remark): void {
    if (!isRestricted(this.#caller)) this.#sink.add({ ...note, message: `${endpoint}: ${note.message}` });
    else if (note.severity === 'warning') this.#sink.add(HEARD_FOR_TENANT);
  }

  add(annotation: Annotation): void {
    this.#sink.add(annotation);
  }

  /** Whether {@link look} wants the samples of a series. */
  watches(group: SeriesGroup): boolean {
    return this.#replaced.length > 0 && this.#watch?.wants(group) === true;
  }

  /** Looks at the samples of a series. */
  look(group: SeriesGroup, samples: SampleColumns): void {
    if (this.#replaced.length > 0) this.#watch?.look(group, samples);
  }

  /**
   * Takes down that a replica's samples of a series cannot be decoded. Names no series, so that a thousand of them make
   * one loss. Throws as {@link take}.
   * @param readable the replicas of the series that could be decoded.
   */
  unreadable(
    { labels }: SeriesGroup,
    { endpoint, shard }: ReplicaData,
    reason: string,
    readable: readonly ReplicaData[],
  ): void {
    const others = readable.map((other) => other.endpoint).filter((other) => other !== endpoint);
    const replaced = coverOf(endpoint, others).kind === 'full';
    const loss: WatchedLoss = { kind: 'unreadable', shard, endpoint: endpoint.id, reason, replaced };
    if (!this.#mayLack && isRefused(loss))
      throw new QueryError(
        'unavailable',
        `${lossTextFor(this.#caller, loss)}; first seen in ${formatLabels(labels)}`,
      );
    if (replaced && this.#watch !== undefined) {
      this.#replaced.push(loss);
      this.#watch.watch(shard);
    } else this.#sink.add(loss);
  }

  /** All of it so far; final once all series were read. */
  list(): readonly Annotation[] {
    const replaced = this.#replaced.map((loss): WatchedLoss => {
      const hole = this.#watch?.holeIn(loss.shard);
      if (hole === undefined) return loss;
      if (loss.kind !== 'replica') return { ...loss, replaced: false };
      return { ...loss, standIn: { kind: 'holes', from: hole.from, to: hole.to } };
    });
    const all = new AnnotationSink();
    all.addAll(this.#sink.list());
    all.addAll(replaced);
    return all.list();
  }
}

/** Whether others are said to have it all, so that their series are worth watching. */
function isReplaced(loss: Loss): loss is WatchedLoss {
  if (loss.kind === 'reported') return loss.replaced;
  return loss.kind === 'replica' && loss.standIn.kind === 'whole';
}

/** Why an answer with these losses is refused where partial ones are; undefined where it is not. */
export function refusalOf(caller: Pick<Caller, 'enforced'>, losses: readonly Loss[]): string | undefined {
  const refused = losses.filter(isRefused);
  return refused.length === 0
    ? undefined
    : [...new Set(refused.map((loss) => lossTextFor(caller, loss)))].join('; ');
}
