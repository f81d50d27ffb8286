import { formatLabels } from '../model/format-labels.ts';
import { labelValue, labelsKey } from '../model/labels.ts';
import { labelSetsOf } from './shard.ts';
import type { Endpoint } from './topology.ts';

/**
 * What of the endpoints' external labels is a mistake most likely, a sentence each. Nothing can be told from an answer: series
 * of servers with the same labels are one series to a gateway, and replicas without a replica label are several.
 */
export function labelProblems(
  endpoints: readonly Endpoint[],
  replicaLabels: readonly string[],
): readonly string[] {
  const known = endpoints.filter(({ externalLabels }) => externalLabels !== undefined);
  const problems = [...carriedMarks(known, replicaLabels)];
  if (known.length < 2) return problems;
  problems.push(...sameLabels(known));
  const isMarked = known.some((endpoint) =>
    labelSetsOf(endpoint).some((set) => replicaLabels.some((name) => labelValue(set, name) !== '')),
  );
  if (!isMarked && known.length === endpoints.length && replicaLabels.length > 0)
    problems.push(
      `no endpoint has an external label ${replicaLabels.join(' or ')}, so none is taken for a replica of another; ` +
        'if replicas are marked by another label, name it with --query.replica-label',
    );
  return problems;
}

/** Series that carry a label with the name of a replica label of their server. */
function carriedMarks(endpoints: readonly Endpoint[], replicaLabels: readonly string[]): readonly string[] {
  return replicaLabels.flatMap((name) => {
    const carrying = endpoints.filter(
      ({ externalLabels, ownLabels }) =>
        ownLabels !== 'unknown' && ownLabels.has(name) && labelValue(externalLabels!, name) !== '',
    );
    if (carrying.length === 0) return [];
    const names = carrying.map(({ id }) => id).join(', ');
    return [
      `series of ${names} carry the replica label ${name} themselves; other values than the server's are taken for data, ` +
        'but a series with the very value of its server is merged with its replicas; a replica label that no application uses is safer',
    ];
  });
}

/** Stores of old blocks have the labels of the servers that wrote them, so they are left out. */
function sameLabels(endpoints: readonly Endpoint[]): readonly string[] {
  const servers = endpoints.filter(({ protocol }) => protocol !== 'store-api');
  const alike = Map.groupBy(servers, ({ externalLabels }) => labelsKey(externalLabels!));
  return [...alike.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const names = group.map(({ id }) => id).join(', ');
      const labels = group[0]!.externalLabels!;
      const which =
        labels.length === 0 ? 'no external labels' : `the same external labels ${formatLabels(labels)}`;
      return `${names} have ${which}, so their series are taken for those of one server; give each server labels of its own`;
    });
}
