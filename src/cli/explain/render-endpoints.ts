import type {
  CoverageHoleJson,
  CoverageJson,
  EndpointJson,
  SelectorJson,
  ShardJson,
} from '../../http/api/explanation.ts';
import { formatLabels } from '../../model/format-labels.ts';
import { labelsFromRecord } from '../../model/labels.ts';
import { counted, formatBytes, formatCount, formatDateTime, formatMs } from './format.ts';

/** Longer lists are cut; the JSON has them. */
const MOST_HOLES = 6;

/** The endpoints and their answers, shard by shard: indented lines, not wrapped yet. */
export function renderEndpoints({ shards, unknownEndpoints }: SelectorJson): readonly string[] {
  return [
    ...shards.flatMap(renderShard),
    ...(unknownEndpoints.length === 0 ? [] : ['unknown shard', ...unknownEndpoints.flatMap(renderEndpoint)]),
  ];
}

function renderShard({ labels, endpoints }: ShardJson): readonly string[] {
  return [`shard ${formatLabels(labelsFromRecord(labels))}`, ...endpoints.flatMap(renderEndpoint)];
}

function renderEndpoint(endpoint: EndpointJson): readonly string[] {
  const { replica, address, health, protocol, coverage } = endpoint;
  const name = replica === address ? address : `${replica}  ${address}`;
  return [
    `  ${name}  ${protocol === '' ? health : `${health}, ${protocol}`}`,
    `      ${outcomeOf(endpoint)}`,
    ...(coverage === undefined ? [] : coverageOf(coverage).map((line) => `      ${line}`)),
  ];
}

function coverageOf({
  state,
  reason,
  targets = 0,
  holes = [],
  holesNotShown = 0,
  knownUntil,
}: CoverageJson): readonly string[] {
  const unknown =
    knownUntil === undefined ? '' : ` until ${formatDateTime(knownUntil)}; what came later is not known`;
  switch (state) {
    case 'whole':
      return [`scrapes: whole, ${counted(targets, 'target')}${unknown}`];
    case 'lacks': {
      const hidden = holesNotShown + holes.slice(MOST_HOLES).reduce((sum, hole) => sum + hole.targets, 0);
      return [
        `scrapes: lacks some of those of ${counted(targets, 'target')}${unknown}`,
        ...holes.slice(0, MOST_HOLES).map((hole) => `  ${renderHole(hole)}`),
        ...(hidden > 0 ? [`  not shown: ${counted(hidden, 'hole')} of targets`] : []),
      ];
    }
    case 'unproven':
      return [`scrapes: not proven, ${reason}`];
  }
}

function renderHole({ start, end, kind, targets, heldBy }: CoverageHoleJson): string {
  const time = `${formatDateTime(start)} – ${formatDateTime(end)}`;
  return `${time}  ${counted(targets, 'target')}, ${WHY[kind]}; ${heldBy.join(' and ')} ${heldBy.length === 1 ? 'has' : 'have'} it`;
}

const WHY: Readonly<Record<CoverageHoleJson['kind'], string>> = {
  away: 'it did not scrape',
  failed: 'its scrapes failed',
  gone: 'it did not know them',
  sparse: 'it scrapes less often',
};

function outcomeOf({ outcome, reason, durationMs, bytes, series, samples, share }: EndpointJson): string {
  switch (outcome) {
    case 'pruned':
    case 'spared':
      return `not asked: ${reason}`;
    case 'failed':
      return durationMs === undefined
        ? `failed, not asked: ${reason}`
        : `failed after ${formatMs(durationMs)}: ${reason}`;
    case 'answered': {
      const { delivered = 0, inRange = 0, survived = 0 } = samples ?? {};
      const came = `${counted(series ?? 0, 'series', 'series')}, ${counted(delivered, 'sample')}`;
      const percent = Math.round((share ?? 0) * 100);
      return (
        `${came}, ${formatBytes(bytes ?? 0)} in ${formatMs(durationMs ?? 0)}; ` +
        `kept ${formatCount(survived)} of ${formatCount(inRange)} in range, ${percent} % of the shard`
      );
    }
  }
}
