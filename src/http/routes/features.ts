import type { FastifyInstance } from 'fastify';
import { FUZZY_ALGORITHMS } from '../../gateway/search/name-filter.ts';
import type { HttpOptions } from '../context.ts';
import { sendJson } from '../respond.ts';
import { data, described } from '../openapi/operation.ts';
import { BOOLEAN, map } from '../openapi/schema.ts';

/**
 * `/api/v1/features`: what clients may ask for, in Prometheus' groups. Groups of what this server does not do are left out.
 * `buildinfo` has no features: Grafana takes a server with any there for a Mimir.
 */
export function featuresRoutes(server: FastifyInstance, { gateway, control }: HttpOptions): void {
  server.get(
    '/api/v1/features',
    described({ access: 'open', summary: 'What clients may ask for', answer: data(map(map(BOOLEAN))) }),
    async (request, reply) => {
      const api = {
        admin: false,
        exclude_alerts: true,
        label_values_match: true,
        lifecycle: control.isEnabled(),
        otlp_write_receiver: false,
        query_stats: true,
        query_warnings: true,
        remote_write_receiver: false,
        'openapi_3.1': true,
        'openapi_3.2': false,
        search: true,
        ...Object.fromEntries(FUZZY_ALGORITHMS.map((name) => [`search_fuzz_alg_${name}`, true])),
        time_range_labels: true,
        time_range_series: true,
      };
      return sendJson(request, reply, { api, ...gateway.language() }, 'sorted');
    },
  );
}
