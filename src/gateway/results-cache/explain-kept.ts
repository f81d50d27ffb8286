import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { GatewayContext } from '../parts.ts';
import type { KeepableQuery } from './asked-steps.ts';
import { isWorthwhile, wantedSteps, type NothingWanted } from './wanted-steps.ts';

/** What a range query would find of its results. Steps are those of the query. */
export type KeptExplanation =
  | NothingWanted
  | {
      readonly kind: 'kept';
      readonly steps: number;
      /** That would not be evaluated. */
      readonly keptSteps: number;
      /** How long ago the oldest of them was evaluated, ms; undefined where there is none. */
      readonly ageMs: number | undefined;
    };

/** Looks at what this gateway keeps; those that share results with it are not asked. Undefined where no results of such queries are kept. */
export async function explainKept(
  parts: Pick<GatewayContext, 'results' | 'clock' | 'selection' | 'planning'>,
  scope: RequestScope,
  query: KeepableQuery,
): Promise<KeptExplanation | undefined> {
  if (!parts.results.isOn || query.step === 0) return undefined;
  const wanted = wantedSteps(parts, scope, query);
  if (wanted.kind === 'nothing') return wanted;
  const { asked } = wanted;
  const found = await parts.results.look(wanted.steps, new Pacer(scope));
  const isUsed = found.steps > 0 && isWorthwhile(found.steps, asked);
  return {
    kind: 'kept',
    steps: asked.to - asked.from,
    keptSteps: isUsed ? found.steps : 0,
    ageMs: isUsed ? found.ageMs : undefined,
  };
}
