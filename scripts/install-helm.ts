/**
 * Builds helm from the Go module proxy, for the tests of the chart, where there is none: it takes a few minutes, so the
 * binary is kept for the next time, and `npm test` does not wait for it. Where Go is missing it says so, and the tests leave out
 * what needs helm.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { findHelm, HELM_CACHE, HELM_VERSION } from '../test/support/helm.ts';

if (findHelm() === undefined) {
  console.log(`Building helm ${HELM_VERSION} into ${HELM_CACHE} …`);
  mkdirSync(HELM_CACHE, { recursive: true });
  const { status, error } = spawnSync(
    'go',
    ['install', '-ldflags=-s -w', `helm.sh/helm/v3/cmd/helm@${HELM_VERSION}`],
    { stdio: 'inherit', env: { ...process.env, GOBIN: HELM_CACHE } },
  );
  if (error !== undefined || status !== 0)
    console.error(
      'Could not build helm: install it, or Go 1.25 or newer. What is rendered of the chart is not compared anew.',
    );
}
