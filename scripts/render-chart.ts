/**
 * `node scripts/render-chart.ts`: renders the chart with each set of values of test/deploy/chart/values, and keeps what comes
 * out beside them, so that it can be looked at and checked without helm. `scripts/install-helm.ts` gets helm.
 */
import { writeFileSync } from 'node:fs';
import { render, renderedFile, renderedText, VALUE_SETS } from '../test/deploy/chart/render.ts';
import { findHelm } from '../test/support/helm.ts';

const helm = findHelm();
if (helm === undefined) {
  console.error('There is no helm: run "node scripts/install-helm.ts", or install it.');
  process.exitCode = 1;
} else {
  for (const set of VALUE_SETS) writeFileSync(renderedFile(set), renderedText(set, render(helm, set)));
}
