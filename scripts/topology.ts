/**
 * `npm run topology NAME`: starts a topology of `deploy/topologies` on this machine, without containers, says what to try, and stops it with Ctrl-C.
 * It installs the programs of its services before, where they are missing.
 * Meanwhile `stop NAME` and `start NAME` stop and start a service of it.
 */
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { HURRY } from '../test/support/topology/localize.ts';
import { packagesOf, TOPOLOGIES, Topology } from '../test/support/topology/topology.ts';
import { linesToTry } from '../test/support/topology/lines-to-try.ts';
import { installPackages } from './debian-packages.ts';

const [name, ...rest] = process.argv.slice(2);
const known = globSync(`${TOPOLOGIES}/*/compose.yml`)
  .map((file) => basename(dirname(file)))
  .toSorted();

if (name === undefined || rest.length > 0 || !known.includes(name)) {
  const asked = name === undefined ? '' : `There is no topology ${[name, ...rest].join(' ')}. `;
  console.error(
    `${asked}Start one by its name, which installs what it starts: npm run topology NAME\n  ${known.join('\n  ')}`,
  );
  process.exitCode = 1;
} else {
  installPackages(packagesOf(name), {
    whatFor: `what ${name} starts`,
    otherwise: 'What is missing does not start',
  });
  await run(name);
}

async function run(topologyName: string): Promise<void> {
  console.log(`Starting the services of ${join(TOPOLOGIES, topologyName, 'compose.yml')} …`);
  let isEnding = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isEnding = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  });
  const starting = Topology.start(topologyName, { asPublished: true });
  const topology = await starting.catch((thrown: unknown) => {
    // Ctrl-C ends the services, too, which then do not become ready.
    if (!isEnding) throw thrown;
    console.log(thrown instanceof Error ? thrown.message : String(thrown));
    return undefined;
  });
  if (topology === undefined) return console.log('Stopped before all services had started.');
  console.log(description(topologyName, topology));
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => void obey(topology, line.trim()));
  await ended;
  input.close();
  console.log('Stopping …');
  await topology.stop();
}

function description(topologyName: string, topology: Topology): string {
  const width = Math.max(...topology.services.map(({ length }) => length));
  const services = topology.services.map(
    (each) => `  ${each.padEnd(width)}  ${topology.url(each)}  ${topology.what(each)}`,
  );
  const left = topology.leftOut.map((each) => `  ${each.padEnd(width)}  only with containers`);
  return [
    `They run, with the times of the files divided by ${HURRY}; the first samples come within some seconds:`,
    ...services,
    ...left,
    `What to try, from ${join(TOPOLOGIES, topologyName, 'README.md')}:`,
    ...linesToTry(topologyName).map((line) => `  ${topology.localLine(line)}`),
    'Type "stop NAME" or "start NAME" to stop or start a service. Ctrl-C ends all of them.',
  ].join('\n');
}

async function obey(topology: Topology, line: string): Promise<void> {
  const [verb, service = '', ...more] = line.split(/\s+/);
  if (verb === '') return;
  try {
    if ((verb !== 'stop' && verb !== 'start') || more.length > 0)
      throw new Error(`"${line}" is neither "stop NAME" nor "start NAME".`);
    await (verb === 'stop' ? topology.end(service) : topology.start(service));
    console.log(`${service} ${verb === 'stop' ? 'is stopped' : 'runs'}.`);
  } catch (thrown) {
    console.log(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
