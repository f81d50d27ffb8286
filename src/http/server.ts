import type { IncomingMessage } from 'node:http';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { doorOf } from './admission.ts';
import { admitTenants } from './tenants.ts';
import { badPathRefuser, LONGEST_PATH_PARAMETER } from './bad-path.ts';
import { countBodies } from './body-memory.ts';
import { acceptForms, BODY_LIMIT, refuseEncodedBodies } from './body.ts';
import { answerClientError, isOfTls, isTimeout } from './client-error.ts';
import { Connections } from './connections.ts';
import type { HttpOptions } from './context.ts';
import { allowOrigins } from './cors.ts';
import { refuseOtherSites } from './cross-site.ts';
import { toHttpFailure } from './errors.ts';
import { refuseOtherHosts, refuseTwoHosts } from './host-header.ts';
import { aboutRequest, identifyRequests } from './identify.ts';
import { methodGuard, refuseTheRest } from './not-found.ts';
import { observeRequests } from './observe.ts';
import { pageRoutes } from './routes/page/routes.ts';
import { prefixRemover } from './prefix.ts';
import { sendFailure, sendPlainFailure } from './respond.ts';
import { alertmanagersRoutes } from './routes/alertmanagers.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { explainRoutes } from './routes/explain/routes.ts';
import { planRoutes } from './routes/explain/plan-routes.ts';
import { exportRoutes } from './routes/export/routes.ts';
import { federateRoutes } from './routes/federate/routes.ts';
import { formatQueryRoutes } from './routes/format-query.ts';
import { healthRoutes } from './routes/health.ts';
import { lifecycleRoutes } from './routes/lifecycle.ts';
import { labelRoutes } from './routes/labels.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { featuresRoutes } from './routes/features.ts';
import { exemplarsRoutes } from './routes/exemplars.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { notificationsRoutes } from './routes/notifications.ts';
import { openapiRoutes } from './routes/openapi.ts';
import { queryRoutes } from './routes/query/routes.ts';
import { refusedRoutes } from './routes/refused.ts';
import { remoteReadRoutes } from './routes/remote-read.ts';
import { rulesRoutes } from './routes/rules/routes.ts';
import { referElsewhere } from './elsewhere.ts';
import { storesRoutes } from './routes/stores.ts';
import { targetsRoutes } from './routes/targets.ts';
import { tsdbStatusRoutes } from './routes/tsdb-status.ts';
import { searchRoutes } from './routes/search/routes.ts';
import { settingsRoutes } from './routes/settings.ts';
import { statusRoutes } from './routes/status.ts';
import { closeWhileDraining } from './stage.ts';
import { watchRoutes } from './routes/watch.ts';
import { trackAnswers } from './when-sent.ts';

const ROUTES = [
  // It hears of the routes that come after it.
  openapiRoutes,
  queryRoutes,
  explainRoutes,
  planRoutes,
  federateRoutes,
  remoteReadRoutes,
  exportRoutes,
  labelRoutes,
  searchRoutes,
  formatQueryRoutes,
  rulesRoutes,
  targetsRoutes,
  alertmanagersRoutes,
  metadataRoutes,
  exemplarsRoutes,
  statusRoutes,
  featuresRoutes,
  notificationsRoutes,
  tsdbStatusRoutes,
  healthRoutes,
  pageRoutes,
  refusedRoutes,
];

/** What those need who run the gateway, and nobody who queries it. */
const ADMIN_ROUTES = [
  settingsRoutes,
  storesRoutes,
  coverageRoutes,
  watchRoutes,
  lifecycleRoutes,
  metricsRoutes,
];

/**
 * The HTTP API of Prometheus and Thanos Query over a gateway. The server does not listen yet: call `listen`, or
 * `inject` in tests.
 */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const { limits, timers, onCut, prefix } = options;
  const routeOf = prefixRemover(prefix);
  const connections = new Connections(limits, timers, onCut, routeOf);
  const door = doorOf(options.access, options.clock);
  const server = fastify({
    serverFactory: (handler) => connections.createServer(handler, options.tls),
    rewriteUrl: ({ url = '' }: IncomingMessage) => routeOf(url),
    loggerInstance: withoutInfos(options.logger),
    logController: new LogController({ disableRequestLogging: true }),
    // Requests on open connections are still answered while the server closes.
    return503OnClosing: false,
    exposeHeadRoutes: true,
    bodyLimit: BODY_LIMIT,
    routerOptions: {
      maxParamLength: LONGEST_PATH_PARAMETER,
      querystringParser: () => ({}),
      // A base address that ends in a slash makes paths such as `//api/v1/query`. Prometheus redirects them by 301, on
      // which clients drop the form of a POST; so they are answered at once. Escaped slashes, as of label names, stay.
      ignoreDuplicateSlashes: true,
    },
    frameworkErrors: badPathRefuser(door),
    clientErrorHandler: (error, socket) => {
      if (isTimeout(error)) onCut('slow_request');
      if (isOfTls(error)) options.logger.debug({ reason: error.code }, 'a TLS handshake failed');
      answerClientError(error, socket, timers);
    },
  });
  server.setErrorHandler((error, request, reply) => {
    const failure = toHttpFailure(error);
    if (failure.status === 500)
      options.logger.error({ ...aboutRequest(request), err: error }, 'request failed');
    return request.routeOptions.config.failuresAsText === true
      ? sendPlainFailure(reply, failure)
      : sendFailure(reply, failure);
  });
  trackAnswers(server);
  identifyRequests(server, options.sample);
  connections.watch(server);
  closeWhileDraining(server, options.stage);
  observeRequests(server, options);
  refuseTwoHosts(server);
  refuseOtherHosts(server, options.access.hosts);
  server.addHook('onRequest', door);
  refuseOtherSites(server, options.access.externalHost);
  allowOrigins(server, options.cors);
  admitTenants(server, options);
  refuseEncodedBodies(server);
  countBodies(server, options.gateway);
  acceptForms(server);
  refuseTheRest(server, prefix);
  const refuseOtherMethods = methodGuard(server);
  for (const addRoutes of ROUTES) addRoutes(server, options);
  if (options.serves === 'queries') referElsewhere(server, options, ADMIN_ROUTES);
  else for (const addRoutes of ADMIN_ROUTES) addRoutes(server, options);
  refuseOtherMethods();
  return server;
}

/** Fastify says at each address that it listens, before endpoints were asked. The gateway says it once, when it is ready. */
function withoutInfos(logger: FastifyBaseLogger): FastifyBaseLogger {
  return ['trace', 'debug', 'info'].includes(logger.level) ? logger.child({}, { level: 'warn' }) : logger;
}
