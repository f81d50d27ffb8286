import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../fleet/fleet.ts';
import { untilHealed } from '../fleet/heal.ts';
import { knownAnswers, Load, type Asked, type Known } from '../load/clients.ts';
import { figuresOf, type Figures } from '../load/figures.ts';
import type { Expectation } from '../load/judge.ts';
import { loadQueries } from '../load/queries.ts';
import type { RowResult, Scale } from './row.ts';

/** So much longer than others lasts a fault that may hold up the first queries that meet it until it is found, ms. */
export const HELD_UP_MS = 10_000;

/** How a replica or more of the fleet is broken and mended. */
export interface Breakage {
  readonly begin: (fleet: Fleet) => void | Promise<void>;
  readonly end: (fleet: Fleet) => void | Promise<void>;
}

export interface UnderLoad {
  readonly breakage: Breakage;
  readonly expectation: Expectation;
  /** The queries, where they are not those of the settled time. */
  readonly known?: readonly Known[];
  readonly longerMs?: number;
}

/** What was asked without the fault and under it. */
export interface Observed {
  readonly calm: Figures;
  /** Under the fault, and what was under way when it came. `at` is the time since it came, ms. */
  readonly faulty: readonly Asked[];
}

/** Runs the load without the fault, under it, and without it again. */
export async function observe(
  fleet: Fleet,
  scale: Scale,
  { breakage, expectation, known, longerMs = 0 }: UnderLoad,
): Promise<Observed> {
  const asked = known ?? (await knownAnswers(fleet.gateway.url, loadQueries(fleet.settled)));
  const before = await calmLoad(fleet, scale.calmMs, asked);
  const load = new Load(fleet.gateway.url, asked);
  let came = 0;
  let all: readonly Asked[] = [];
  try {
    // Those that run when the fault comes are under it, too.
    await sleep(scale.calmMs / 2);
    load.expect(expectation);
    await breakage.begin(fleet);
    came = load.now();
    await sleep(scale.faultMs + longerMs);
  } finally {
    all = await load.end();
    await breakage.end(fleet);
  }
  const faulty = all.filter(({ at, ms }) => at + ms >= came).map((each) => ({ ...each, at: each.at - came }));
  await untilHealed(fleet);
  const after = await calmLoad(fleet, scale.calmAfterMs, asked);
  return { calm: figuresOf([...before, ...after]), faulty };
}

async function calmLoad(fleet: Fleet, ms: number, known: readonly Known[]): Promise<readonly Asked[]> {
  if (ms === 0) return [];
  const load = new Load(fleet.gateway.url, known);
  await sleep(ms);
  return load.end();
}

/** Checks what holds of every answer under a fault, and of the answers without it. */
export function judgeAnswers(
  { calm, faulty }: Observed,
  mayWarn: boolean,
): RowResult & { readonly figures: Figures } {
  const figures = figuresOf(faulty);
  const problems = [];
  const unwell = calm.failures + calm.wrong + calm.warned;
  if (unwell > 0)
    problems.push(`${unwell} answers without the fault were not right: ${calm.reasons.join('; ')}`);
  if (figures.failures > 0) problems.push(`${figures.failures} of ${figures.asked} failed`);
  if (figures.wrong > 0) problems.push(`${figures.wrong} of ${figures.asked} were wrong`);
  if (figures.warned > 0 && !mayWarn)
    problems.push(`${figures.warned} of ${figures.asked} warned, though nothing is missing`);
  return { figures, bound: '', problems: problems.concat(figures.reasons) };
}

/** The bound of the 99th percentile, ms, and a problem where it is not kept. */
export function judgeP99(
  calm: Figures,
  { p99, asked }: Figures,
  { leastMs }: Scale,
  when: string,
): { readonly bound: string; readonly problems: readonly string[] } {
  const most = Math.max(2 * calm.p99, leastMs);
  const bound = `p99 ≤ ${most.toFixed(0)} ms ${when}, it is ${p99.toFixed(0)}`;
  if (asked === 0) return { bound, problems: [`no query was begun ${when}`] };
  return {
    bound,
    problems: p99 <= most ? [] : [`p99 is ${p99.toFixed(0)} ms ${when}, more than ${most.toFixed(0)}`],
  };
}
