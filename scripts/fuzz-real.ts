/**
 * `PROMETHEUS_BIN=… npm run fuzz:real [-- --queries N]`: asks random queries of a gateway that does all it can over real servers with
 * gaps, of one that does nothing of it, and of one server without gaps. All have to answer alike. Fails where an answer differs, and
 * where too little was computed by servers or kept to prove anything.
 *
 * SEED=…  repeats a run, data and queries.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { prometheusVersion } from '../test/bench/e2e/run.ts';
import { drawQuestions } from '../test/real/fuzz/questions.ts';
import { report } from '../test/real/fuzz/report.ts';
import { runQuestions } from '../test/real/fuzz/run.ts';
import { startServers } from '../test/real/fuzz/servers.ts';
import { makeStores } from '../test/real/fuzz/stores.ts';
import { readUse } from '../test/real/fuzz/use.ts';

const DEFAULT_QUERIES = '2000';
/** After so many queries it tells how far it is. */
const TELL_EVERY = 100;

const { values } = parseArgs({ options: { queries: { type: 'string', default: DEFAULT_QUERIES } } });
const problem = /^[1-9]\d{0,6}$/.test(values.queries)
  ? problemOfServer()
  : `--queries is a whole number, not ${values.queries}.`;
if (problem === undefined) await run(Number(values.queries));
else {
  console.error(problem);
  process.exitCode = 1;
}

/** Older servers close their windows on both sides, so nothing is asked of them, and their answers are others. */
function problemOfServer(): string | undefined {
  try {
    const version = prometheusVersion();
    if (Number.parseInt(version, 10) >= 3) return undefined;
    return `This compares with a Prometheus since 3.0, and this one is ${version}. PROMETHEUS_BIN names another one.`;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `There is no Prometheus to compare with. PROMETHEUS_BIN names one, since 3.0. ${why}`;
  }
}

async function run(count: number): Promise<void> {
  // What draws the queries reads it there.
  const seed = (process.env['SEED'] ??= String(randomInt(1, 1_000_000_000)));
  console.log(`SEED=${seed}: ${count} queries of Prometheus ${prometheusVersion()}`);
  const questions = drawQuestions(count);
  // The servers get the signal of a terminal as well, so what is asked last may fail.
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  const servers = await startServers(makeStores(Number(seed)));
  try {
    const outcome = await runQuestions(
      servers,
      questions,
      ending.signal,
      (text) => console.log(text),
      (done) => {
        if (done % TELL_EVERY === 0) console.error(`${done} of ${count} queries …`);
      },
    );
    const { lines, isGood } = report(outcome, await readUse(servers.fullUrl));
    console.log(lines.join('\n'));
    if (isGood) return;
    console.error(`Failed. The same again: SEED=${seed} npm run fuzz:real -- --queries ${count}`);
    process.exitCode = 1;
  } finally {
    await servers.stop();
  }
}
