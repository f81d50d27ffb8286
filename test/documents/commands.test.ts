/**
 * Commands of the documents are run by a test, or it is said here why not. What can be checked of a command without running it is
 * checked: npm scripts are there, and `promweave` takes the flags.
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { parseFlags } from '../../src/cli/parse-flags.ts';

const DOCUMENTS = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'test/README.md',
  ...globSync('{deploy,docs}/**/*.md'),
];

interface Rule {
  readonly command: RegExp;
  /** The test that runs it, or what it leads to. */
  readonly runBy?: string;
  /** Why none does. */
  readonly why?: string;
}

const RULES: readonly Rule[] = [
  { command: /^npm ci$/, runBy: '.ci/run' },
  { command: /^npm start$/, runBy: 'test/e2e/demo.test.ts' },
  { command: /^npm test$/, runBy: '.ci/run' },
  { command: /^npm run check$/, runBy: '.ci/run' },
  { command: /^npm run build$/, runBy: 'test/deploy/bundle.long.ts' },
  { command: /^npm run package:deb$/, runBy: 'test/deploy/deb/package.long.ts' },
  { command: /^npm run release$/, runBy: 'test/deploy/release.long.ts' },
  { command: /^npm run test:ui$/, runBy: 'test/ui/page-demo.test.ts' },
  { command: /^npm run truth\b/, runBy: 'test/truth/truth.test.ts' },
  { command: /^npm run promqltest\b/, runBy: 'test/promqltest/promqltest.test.ts' },
  { command: /^npm run (-s )?promweave -- /, runBy: 'test/cli/start-up.test.ts' },
  { command: /^npm run bench:e2e/, runBy: 'test/bench/e2e/smoke.test.ts' },
  { command: /^npm run (test:long|test:attacks|faults|bench|bench:compare)\b/, why: 'they take minutes' },
  { command: /^(\w+=\S+ )*npm run fuzz:real\b/, why: 'it takes minutes, and a Prometheus since 3.0' },
  { command: /^npm run topology\b/, runBy: 'test/scripts/topology.test.ts' },
  {
    command: /^docker compose --file deploy\/topologies\//,
    why: 'there is no daemon; test/topologies runs the services of the file as processes',
  },
  { command: /^npm version /, why: 'it makes a version' },
  { command: /^npm pack$/, runBy: 'test/deploy/bundle.long.ts' },
  { command: /^npm install --global /, runBy: 'test/deploy/bundle.long.ts' },
  { command: /^promweave serve /, runBy: 'test/e2e/serve.test.ts' },
  { command: /^promweave query /, runBy: 'test/e2e/serve.test.ts' },
  { command: /^promweave check-config /, runBy: 'test/cli/run.test.ts' },
  { command: /^promweave explain /, runBy: 'test/cli/explain/ask.test.ts' },
  { command: /^promweave convert /, runBy: 'test/cli/convert/promxy.test.ts' },
  { command: /^curl -sG http:\/\/127\.0\.0\.1:10902\//, runBy: 'test/e2e/demo.test.ts' },
  // Each topology has a test that tries the lines of its README, which that file sees to.
  { command: /^curl -sG? http:\/\/127\.0\.0\.1:\d+\/api\/v1\//, runBy: 'test/topologies/files.test.ts' },
  { command: /^apt-get install \.\/release\//, runBy: 'test/deploy/deb/package.long.ts' },
  {
    command: /^systemctl /,
    why: 'nothing is started by systemd in a test; the command line of the unit is run',
  },
  { command: /^editor /, why: 'it is for people' },
  { command: /^docker (build|push) /, why: 'there is no daemon; image.test.ts runs the files of the image' },
  { command: /^helm install /, why: 'there is no cluster; the chart is rendered' },
  { command: /^kubectl apply /, why: 'there is no cluster; kustomize renders it' },
  { command: /^PATH=\S+ node --test |^(\w+=\S+ )+(npm run test:long|node --test) /, why: 'they run a test' },
  {
    command: /^node scripts\/(install-helm|render-chart|record-prometheus)\.ts$/,
    why: 'they make what tests compare with',
  },
];

/** Commands of the blocks of a document that are shell: indented ones, those marked `sh`, and lines behind a prompt. */
function commandsIn(markdown: string): readonly string[] {
  const fences = [...markdown.matchAll(/^(```|~~~)(\w*)\n([\s\S]*?)^\1/gm)];
  const prose = fences.reduce((text, [fence]) => text.replace(fence, ''), markdown);
  const indented = [...prose.matchAll(/(?<=\n\n)(?: {4}\S.*\n(?: {4}.*\n|\n(?= {4}))*)/g)].map(([block]) =>
    block.replaceAll(/^ {4}/gm, ''),
  );
  const blocks = [
    ...indented.filter((block) => /^[a-zA-Z_]+([ =]|$)/.test(block)),
    ...fences.filter(([, , kind]) => kind === 'sh').map(([, , , block]) => block!),
    ...fences.flatMap(([, , kind, block]) => (kind === '' ? (block!.match(/(?<=^\$ ).*$/gm) ?? []) : [])),
  ];
  return blocks
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .flatMap((line) => line.replace(/(^|\s+)#.*$/, '').split(' && '))
    .map((command) =>
      command
        .replace(/\s{2,}.*$/, '')
        .replace(/ \[.*\]$/, '')
        .trim(),
    )
    .filter((command) => command !== '' && !/^[a-z_]+:/.test(command) && !/^(→|request →)/.test(command));
}

const commands = DOCUMENTS.flatMap((document) =>
  commandsIn(readFileSync(document, 'utf8')).map((command) => ({ document, command })),
);

/** Words as a shell parts them, for what documents write: quotes and no variables. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
}

test('every command of the documents is run by a test, or it is said why not', () => {
  assert.ok(commands.length > 40, `saw only ${commands.length} commands`);
  assert.deepEqual(
    commands.filter(({ command }) => !RULES.some((rule) => rule.command.test(command))),
    [],
  );
});

test('each reason is of a command that is there, and each test as well', () => {
  for (const { command, runBy, why } of RULES) {
    assert.ok(
      commands.some((each) => command.test(each.command)),
      `no document has ${command}`,
    );
    assert.ok((runBy === undefined) !== (why === undefined));
    assert.ok(runBy === undefined || existsSync(runBy), runBy);
  }
});

test('npm has each script that a document names', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = commands.flatMap(({ command }) => /^npm run (?:-s )?([\w:-]+)/.exec(command)?.[1] ?? []);
  assert.ok(named.length > 15);
  for (const name of named) assert.ok(Object.hasOwn(scripts, name), name);
});

test('promweave takes each flag that a document writes', () => {
  const calls = commands.flatMap(({ document, command }) => {
    const [, call] =
      /(?:^|npm run -s promweave -- )(?:promweave )?((?:serve|query|explain|check-config|convert|demo) .*)$/.exec(
        command,
      ) ?? [];
    return call === undefined ? [] : [{ document, words: wordsOf(call.replace(/ >.*$/, '')) }];
  });
  assert.ok(calls.length > 10, `saw only ${calls.length}`);
  for (const { document, words } of calls) {
    const [name, ...args] = words;
    const command = COMMANDS.find((each) => each.name === name || each.aliases.includes(name!));
    assert.ok(command !== undefined, `${document}: ${name}`);
    assert.doesNotThrow(
      () =>
        parseFlags(
          args.filter((arg) => arg !== '…'),
          command.flags,
          name === 'query',
        ),
      `${document}: ${words.join(' ')}`,
    );
  }
});
