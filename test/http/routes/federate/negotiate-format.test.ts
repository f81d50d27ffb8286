import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentType, negotiateFormat } from '../../../../src/http/routes/federate/negotiate-format.ts';

const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

const CASES: Readonly<Record<string, readonly [accept: string | undefined, format: string]>> = {
  'none is named': [undefined, 'text underscores'],
  'a browser asks': ['text/html,*/*;q=0.8', 'text underscores'],
  'Prometheus 2.42 asks': [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics underscores',
  ],
  'Prometheus 2.42 asks for native histograms': [
    `${PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    'protobuf underscores',
  ],
  'Prometheus 3 asks': [
    `application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
    'openmetrics allow-utf-8',
  ],
  'an item that is not chosen names the escaping': [
    'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3',
    'text allow-utf-8',
  ],
  'an escaping is not known': ['text/plain;escaping=rot13', 'text underscores'],
  'an older OpenMetrics alone is read': ['application/openmetrics-text;version=0.0.1', 'text underscores'],
  'parameters are quoted': [
    'application/openmetrics-text; version="1.0.0"; escaping=values',
    'openmetrics values',
  ],
  'protobuf as text is wanted': [`${PROTOBUF.replace('delimited', 'text')},text/plain`, 'text underscores'],
  'a format is refused': ['application/openmetrics-text;q=0,text/plain;q=0.1', 'text underscores'],
};

describe('the format of federation where', () => {
  for (const [what, [accept, format]] of Object.entries(CASES))
    it(what, () => {
      const { kind, escaping } = negotiateFormat(accept);
      assert.equal(`${kind} ${escaping}`, format);
    });
});

it('the content type names format and escaping', () => {
  assert.equal(
    contentType({ kind: 'text', escaping: 'dots' }),
    'text/plain; version=0.0.4; charset=utf-8; escaping=dots',
  );
});
