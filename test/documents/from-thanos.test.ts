import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { THANOS_FLAGS } from '../../src/cli/thanos-flags.ts';

const text = readFileSync('docs/from-thanos.md', 'utf8');

/** Flags of `thanos query --help` that do something here; the others are THANOS_FLAGS. */
const OWN =
  `log.level log.format tracing.config-file tracing.config http-address http-grace-period http.config grpc-address
grpc-server-tls-cert grpc-server-tls-key grpc-server-tls-client-ca grpc-server-max-connection-age grpc-client-tls-secure
grpc-client-tls-skip-verify grpc-client-tls-cert grpc-client-tls-key grpc-client-tls-ca grpc-client-server-name web.route-prefix
web.external-prefix web.prefix-header web.disable-cors query.timeout query.max-concurrent query.lookback-delta
query.max-concurrent-select deduplication.func query.replica-label query.metadata.default-time-range query.auto-downsampling
query.partial-response enable-feature query.default-evaluation-interval query.tenant-header query.default-tenant-id
query.tenant-certificate-field query.enforce-tenancy query.tenant-label-name store.sd-dns-interval endpoint.sd-config-file
endpoint.sd-config-reload-interval store.sd-files store.sd-interval endpoint endpoint-group endpoint-strict
endpoint-group-strict`.split(/\s+/);

/** The flags that begin the items of a section. */
function flagsOf(heading: string): readonly string[] {
  const section = text.split(/^## /m).find((each) => each.startsWith(heading));
  assert.ok(section !== undefined, heading);
  return [...section.matchAll(/^- (.*)$/gm)].flatMap(([, item]) =>
    [...item!.replaceAll(/\(.*?\)/g, '').matchAll(/`--([a-z0-9._-]+)`/g)].map(([, flag]) => flag!),
  );
}

test('each flag of Thanos Query that does something here is told, and there is no other', () => {
  const told = flagsOf('Flags with the same meaning');
  assert.deepEqual(told.toSorted(), OWN.toSorted());
  const names = new Set(SERVE_FLAGS.map(({ name }) => name));
  assert.deepEqual(
    OWN.filter((name) => !names.has(name)),
    [],
  );
});

test('each flag that is accepted without an effect is told, and there is no other', () => {
  assert.deepEqual(flagsOf('Flags without an effect').toSorted(), [...THANOS_FLAGS.keys()].toSorted());
});

test('what is named instead of a flag is there', () => {
  const section = text.split(/^## /m).find((each) => each.startsWith('Flags without an effect'))!;
  const instead = [...section.matchAll(/^ {2}- (.*)$/gm)].flatMap(
    ([, item]) => item!.match(/(?<=`--)[a-z0-9._-]+/g) ?? [],
  );
  assert.ok(instead.length >= 8);
  for (const name of instead)
    assert.ok(
      SERVE_FLAGS.some((flag) => flag.name === name),
      name,
    );
});
