import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPipelines } from './pipelines.ts';

const WRITER =
  'prometheus.remote_write "w" {\n external_labels = {a = "b"}\n endpoint {\n url = "http://x"\n queue_config { max_shards = 3 }\n }\n}\n';

function scrape(more: string): string {
  return `${WRITER}prometheus.scrape "s" {\n targets = [{"__address__" = "h:1"}]\n forward_to = [prometheus.remote_write.w.receiver]\n ${more}\n}\n`;
}

test('a scrape has targets, and what it is written by', () => {
  const [pipeline] = readPipelines(scrape('clustering {\n enabled = true\n }'));
  assert.deepEqual(pipeline, {
    id: 'prometheus.scrape.s',
    targets: ['h:1'],
    isClustered: true,
    job: 'prometheus.scrape.s',
    scrapeInterval: '60s',
    externalLabels: { a: 'b' },
    writes: [{ url: 'http://x', queue_config: { max_shards: 3 } }],
  });
});

test('targets are shared only where that is enabled', () => {
  assert.equal(readPipelines(scrape(''))[0]!.isClustered, false);
  assert.equal(readPipelines(scrape('clustering {\n enabled = false\n }'))[0]!.isClustered, false);
});

for (const [what, text, says] of [
  ['a misspelt attribute', scrape('scrape_intervall = "1s"'), /may not set scrape_intervall/],
  ['a misspelt block', scrape('cluster { enabled = true }'), /may not hold cluster/],
  ['an unknown component', 'otelcol.a "b" { }', /otelcol.a are not known/],
  ['two of one name', WRITER + WRITER, /the same name/],
  ['a writer that is not there', scrape('').replace('.w.', '.v.'), /remote_write.v.receiver is not what/],
  ['a writer that is none', scrape('').replace('write.w.receiver', 'write.w.targets'), /w.targets is not/],
] as const)
  test(`${what} is refused`, () => {
    assert.throws(() => readPipelines(text), says);
  });
