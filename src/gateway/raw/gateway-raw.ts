import type { Annotation } from '../../model/annotations.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { GatewayContext } from '../parts.ts';
import { exportSamples, type Export, type ExportQuery } from './export.ts';
import { federate, type FederateQuery, type Federation } from './federate.ts';
import { readChunks, readSamples, type RawQuery, type ReadChunks, type SampleSink } from './read.ts';

/** Deduplicated samples that nothing is computed of. Rejections are those of the gateway. */
export interface GatewayRaw {
  federate(scope: RequestScope, query: FederateQuery): Promise<Federation>;
  export(scope: RequestScope, query: ExportQuery): Promise<Export>;
  /** Whole series, for remote read. */
  readChunks(scope: RequestScope, queries: readonly RawQuery[], isToldLate?: boolean): Promise<ReadChunks>;
  readSamples(
    scope: RequestScope,
    queries: readonly RawQuery[],
    sink: SampleSink,
  ): Promise<{ readonly annotations: readonly Annotation[] }>;
}

export function createGatewayRaw(parts: GatewayContext): GatewayRaw {
  return {
    federate: (scope, query) => federate(parts, scope, query),
    export: (scope, query) => exportSamples(parts, scope, query),
    readChunks: (scope, queries, isToldLate) => readChunks(parts, scope, queries, isToldLate),
    readSamples: (scope, queries, sink) => readSamples(parts, scope, queries, sink),
  };
}
