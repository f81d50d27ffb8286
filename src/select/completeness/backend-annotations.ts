import type { Annotation } from '../../model/annotations.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';

/** Prometheus' remark on a list that was cut, the same from everyone, so it needs no name in front. */
export const TRUNCATED = 'results truncated due to limit';

/** The remarks of the backends, each with its address in front. */
export function backendAnnotations(
  shards: readonly ShardOutcome<{ readonly annotations: readonly Annotation[] }>[],
): readonly Annotation[] {
  return shards.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ route, result }) =>
      result.ok
        ? result.value.annotations.map((annotation) => named(annotation, route.endpoint.address))
        : [],
    ),
  );
}

function named({ severity, message }: Annotation, address: string): Annotation {
  return { severity, message: message === TRUNCATED ? message : `${address}: ${message}` };
}
