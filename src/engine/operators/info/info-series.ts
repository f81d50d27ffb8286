import { QueryError } from '../../../model/errors.ts';
import { formatLabels } from '../../../model/format-labels.ts';
import { METRIC_NAME, labelValue, valuesKey, type Labels } from '../../../model/labels.ts';
import type { Pacer } from '../../../model/pacer.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { IDENTIFYING_LABELS } from './info-request.ts';

/** An info series; its row holds the time of the sample that each step finds, in seconds. */
export interface InfoSeries {
  readonly labels: Labels;
  readonly times: StepRow;
}

/** Info series by metric name and identity. */
export class InfoIndex {
  readonly #byName = new Map<string, Map<string, InfoSeries[]>>();

  static async of(series: readonly InfoSeries[], pacer: Pacer): Promise<InfoIndex> {
    const index = new InfoIndex();
    await pacer.forEach(series, (info) => index.#add(info));
    return index;
  }

  #add(info: InfoSeries): void {
    const name = labelValue(info.labels, METRIC_NAME);
    const byIdentity = this.#byName.get(name) ?? new Map<string, InfoSeries[]>();
    this.#byName.set(name, byIdentity);
    const identity = valuesKey(info.labels, IDENTIFYING_LABELS);
    const alike = byIdentity.get(identity);
    if (alike === undefined) byIdentity.set(identity, [info]);
    else alike.push(info);
  }

  /** The info series that belong to a series: a list for each info metric. */
  candidates(labels: Labels): readonly (readonly InfoSeries[])[] {
    const identity = valuesKey(labels, IDENTIFYING_LABELS);
    return [...this.#byName.values()].flatMap((byIdentity) => {
      const alike = byIdentity.get(identity);
      return alike === undefined ? [] : [alike];
    });
  }

  /** Throws where two info series of one metric and identity are equally new at a step. */
  checkStep(step: number): void {
    for (const byIdentity of this.#byName.values()) {
      for (const alike of byIdentity.values()) if (alike.length > 1) newestAt(alike, step);
    }
  }
}

/** The newest of info series alike at a step. Throws `execution` where two are equally new. */
export function newestAt(alike: readonly InfoSeries[], step: number): InfoSeries | undefined {
  let newest: InfoSeries | undefined;
  for (const info of alike) {
    if (info.times.kind[step] === StepKind.absent) continue;
    const time = info.times.v[step]!;
    const known = newest?.times.v[step];
    if (newest !== undefined && known === time) {
      const ms = Math.round(time * 1000);
      throw new QueryError(
        'execution',
        `found duplicate series for info metric: existing ${formatLabels(newest.labels)} @ ${ms}, ` +
          `new ${formatLabels(info.labels)} @ ${ms}`,
      );
    }
    if (known === undefined || time > known) newest = info;
  }
  return newest;
}
