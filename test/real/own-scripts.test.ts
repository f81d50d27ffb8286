import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseScript } from '../promqltest/parse-script.ts';
import { type Judgement, runOnPrometheus } from '../promqltest/run-on-prometheus.ts';
import { ownScripts } from '../promqltest/script-files.ts';

/** Where Prometheus 2.42 gives other values than the scripts say, and why (Prometheus' CHANGELOG). */
const KNOWN_DIFFERENCES: readonly {
  readonly reason: string;
  readonly expr: RegExp;
  readonly problem: RegExp;
}[] = [
  { reason: 'names may be any text since 3.0', expr: /"/, problem: /invalid (?:destination )?label name/ },
  {
    reason: 'sums are compensated since 2.54 (#14074), averages since 2.55 (#14413)',
    expr: /\b(?:account|ledger)\b/,
    problem: /expected (?:2|0\.5) for/,
  },
  {
    reason: 'rates do not reach back further than half an interval since 2.51 (#13725)',
    expr: /^increase\(requests_total\{path="\/"\}\[2m\]\)$/,
    problem: /expected 1145\.45/,
  },
  {
    reason: 'classic histograms have fractions since 3.4 (#16095)',
    expr: /^histogram_fraction\(/,
    problem: /is missing/,
  },
];

/** Most cases of the scripts are of a kind that 2.42 knows: where fewer are compared, something is amiss. */
const LEAST_AGREED = 420;

describe('our own scripts say what a real Prometheus says', () => {
  let agreed = 0;

  after(() => assert.ok(agreed >= LEAST_AGREED, `only ${agreed} cases were compared`));

  for (const file of ownScripts()) {
    it(basename(file), async () => {
      const differences: string[] = [];
      for await (const judgement of runOnPrometheus(parseScript(readFileSync(file, 'utf8')))) {
        if (judgement.kind === 'agrees') agreed++;
        if (judgement.kind === 'differs' && !isKnown(judgement))
          differences.push(`line ${judgement.line}: ${judgement.expr}: ${judgement.problem}`);
      }
      assert.deepEqual(differences, []);
    });
  }
});

function isKnown({ expr, problem = '' }: Judgement): boolean {
  return KNOWN_DIFFERENCES.some((known) => known.expr.test(expr) && known.problem.test(problem));
}
