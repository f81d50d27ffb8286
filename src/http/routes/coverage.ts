import type { FastifyInstance } from 'fastify';
import { labelsToRecord } from '../../model/labels.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type {
  CoverageReport,
  EndpointCoverageReport,
  ReportedHoles,
  ShardCoverage,
} from '../../select/coverage/report-coverage.ts';
import { requestForm } from '../body.ts';
import type {
  CoverageReportJson,
  EndpointCoverageJson,
  HolesJson,
  ShardCoverageJson,
} from '../api/coverage.ts';
import type { HttpOptions } from '../context.ts';
import type { Form } from '../parameters/form.ts';
import { readParameter } from '../parameters/read-parameter.ts';
import { parseTime } from '../parameters/time.ts';
import { sendJson } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import { data, described } from '../openapi/operation.ts';
import { RANGE, WISHES } from '../openapi/parameters.ts';
import { list, object, oneOfWords, ref, STRING } from '../openapi/schema.ts';

/**
 * `/api/v1/status/coverage`: which replica scraped which targets when, by shard. `start` and `end` ask for a range of a day at most,
 * also in the past; without them it is the last day, as far as it is known.
 */
export function coverageRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/status/coverage',
    described({
      access: 'operator',
      summary: 'Which replica scraped which targets when',
      parameters: [...RANGE, ...WISHES],
      answer: data(
        object({
          shards: list(
            object({
              labels: ref('Labels'),
              endpoints: list(
                object({ endpoint: STRING, coverage: oneOfWords('whole', 'lacks', 'unknown') }),
              ),
            }),
          ),
        }),
      ),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const range = readRange(form);
      const report = await gateway.lists.coverage(beginRequest(gateway, request, form), range);
      return sendJson(request, reply, coverageJson(report));
    },
  );
}

function readRange(form: Form): TimeRange | undefined {
  if (form.get('start') === '' && form.get('end') === '') return undefined;
  return {
    minTime: readParameter(form, 'start', parseTime),
    maxTime: readParameter(form, 'end', parseTime),
  };
}

function coverageJson({ shards }: CoverageReport): CoverageReportJson {
  return { shards: shards.map(shardJson) };
}

function shardJson({
  labels,
  range,
  targets,
  unproven,
  endpoints,
  common,
}: ShardCoverage): ShardCoverageJson {
  return {
    labels: labelsToRecord(labels),
    start: range === undefined ? undefined : range.minTime / 1000,
    end: range === undefined ? undefined : range.maxTime / 1000,
    targets,
    unprovenTargets: unproven,
    endpoints: endpoints.map(endpointJson),
    missingEverywhere: holesJson(common),
  };
}

function endpointJson({ id, known, standing }: EndpointCoverageReport): EndpointCoverageJson {
  const knownJson = {
    endpoint: id,
    knownSince: known.since === Infinity ? undefined : known.since / 1000,
    knownUntil: known.until === -Infinity ? undefined : known.until / 1000,
    problem: known.problem,
  };
  if (standing === undefined) return { ...knownJson, coverage: 'unknown' };
  const { isWhole, scraped, wholeSince, own, lacks, alone } = standing;
  return {
    ...knownJson,
    coverage: isWhole ? 'whole' : own.holes.length > 0 ? 'lacks' : 'unknown',
    targets: scraped,
    wholeSince: wholeSince === undefined ? undefined : wholeSince / 1000,
    holes: holesJson(own),
    lacks: holesJson(lacks),
    lostWithIt: alone === 'all' ? 'all' : holesJson(alone),
  };
}

function holesJson({ holes, targets: all, notShown }: ReportedHoles): HolesJson {
  return {
    targets: all,
    holes: holes.map(({ from, to, kind, targets, examples, heldBy }) => ({
      start: from / 1000,
      end: to / 1000,
      kind,
      targets,
      examples: examples.map(labelsToRecord),
      heldBy: heldBy.length === 0 ? undefined : heldBy,
    })),
    notShown,
  };
}
