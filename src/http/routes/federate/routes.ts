import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../../gateway/remarks.ts';
import type { NamedSample } from '../../../model/named-sample.ts';
import { hasForm } from '../../../wire/exposition/exposition-kind.ts';
import { encodeProtobuf } from '../../../wire/exposition/protobuf.ts';
import { CLASSIC_TEXT, OPEN_METRICS } from '../../../wire/exposition/text-dialect.ts';
import { encodeText } from '../../../wire/exposition/text.ts';
import { requestForm } from '../../body.ts';
import type { Piece } from '../../chunks.ts';
import type { HttpOptions } from '../../context.ts';
import { required, SELECTORS, WISHES } from '../../openapi/parameters.ts';
import { beginRequest } from '../../scope.ts';
import { appendVary, sendPieces } from '../../send.ts';
import { addWarnings } from '../../warnings-header.ts';
import { contentType, negotiateFormat, type ExpositionFormat } from './negotiate-format.ts';

/** `/federate`, which another Prometheus scrapes. */
export function federateRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.route({
    method: 'GET',
    url: '/federate',
    config: {
      failuresAsText: true,
      operation: {
        access: 'tenant',
        summary: 'The newest sample of each series, for another Prometheus to scrape',
        parameters: [required(SELECTORS), ...WISHES],
        answer: { kind: 'text', type: 'text/plain' },
      },
    },
    handler: async (request, reply) => {
      const form = requestForm(request);
      const format = negotiateFormat(request.headers.accept);
      const scope = beginRequest(gateway, request, form);
      const { samples, annotations } = await gateway.raw.federate(scope, {
        selectors: form.all('match[]'),
        takes: (h) => hasForm(format.kind, h),
      });
      const { warnings } = toRemarks(scope, annotations);
      addWarnings(reply, warnings);
      appendVary(reply, 'Accept');
      return sendPieces(request, reply.type(contentType(format)), encode(samples, format, warnings));
    },
  });
}

function* encode(
  samples: Iterable<NamedSample>,
  { kind, escaping }: ExpositionFormat,
  warnings: readonly string[],
): Generator<Piece> {
  switch (kind) {
    case 'text':
      for (const warning of warnings) yield `# warning: ${warning.replaceAll(/[\r\n]+/g, ' ')}\n`;
      yield* encodeText(samples, CLASSIC_TEXT, escaping);
      return;
    case 'openmetrics':
      yield* encodeText(samples, OPEN_METRICS, escaping);
      return;
    case 'protobuf':
      yield* encodeProtobuf(samples, escaping);
  }
}
