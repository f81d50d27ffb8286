import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setPriority } from 'node:os';
import { nextMessage } from './support.ts';

/** What is asked, and what shows that the answer is right. */
export interface Question {
  readonly path: string;
  /** A part of the answer that must be there. */
  readonly right: string;
  /** Whether something else than the healthy servers is missing, which the answer then has to say. Left out: nothing is. */
  readonly lacks?: 'something' | 'perhaps';
}

export interface Clients {
  readonly url: string;
  readonly address: string;
  readonly questions: readonly Question[];
  /** So many ask at the same time, one question after the other. */
  readonly atOnce: number;
  /** Each asks so often; until it is told to stop where this is left out. */
  readonly times?: number;
  /** ms that each waits between two questions. */
  readonly pause?: number;
  /** How long each waits for an answer, ms. */
  readonly patience: number;
  /** What no answer may name. */
  readonly healthy: readonly string[];
}

export interface Told {
  /** How often was what told. */
  readonly tally: Readonly<Record<string, number>>;
  /** How long right answers took, ms. */
  readonly median: number;
  readonly longest: number;
}

/**
 * Clients that ask and judge the answers: `clients-process.ts CLIENTS`. Starts with the message `go`, ends by itself or with the
 * message `stop`, and then says what it was told.
 */
const {
  url,
  address,
  questions,
  atOnce,
  times = Infinity,
  pause = 0,
  patience,
  healthy,
} = JSON.parse(process.argv[2]!) as Clients;
const NICE = 10;
setPriority(NICE);

const tally: Record<string, number> = {};
const waits: number[] = [];
const state = { isOver: false };

process.once('disconnect', () => process.exit());
process.send!({ url });
await nextMessage();
if (times === Infinity) void nextMessage().then(() => (state.isOver = true));
await Promise.all(Array.from({ length: atOnce }, (_, client) => askOften(client)));
waits.sort((a, b) => a - b);
const told: Told = {
  tally,
  median: waits[Math.floor(waits.length / 2)] ?? Number.NaN,
  longest: waits.at(-1) ?? Number.NaN,
};
process.send!(told);

async function askOften(client: number): Promise<void> {
  for (let i = 0; i < times && !state.isOver; i++) {
    const question = questions[(client + i) % questions.length]!;
    const started = performance.now();
    const said = await ask(question).catch((error: unknown) => {
      const { code = 'no code', message, name } = error as NodeJS.ErrnoException;
      if (name === 'AbortError') return 'waited in vain';
      return `BROKEN OFF: ${code} ${message}`;
    });
    if (said.startsWith('200')) waits.push(performance.now() - started);
    tally[said] = (tally[said] ?? 0) + 1;
    if (pause > 0) await new Promise((wake) => setTimeout(wake, pause));
  }
}

async function ask({ path, right, lacks }: Question): Promise<string> {
  const sent = request(url + path, {
    agent: false,
    localAddress: address,
    signal: AbortSignal.timeout(patience),
  }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += String(part);
  return judge(response, body, right, lacks);
}

function judge(
  { statusCode, headers }: IncomingMessage,
  body: string,
  right: string,
  lacks: Question['lacks'],
): string {
  const blamed = healthy.find((name) => body.includes(name));
  if (blamed !== undefined) return `${statusCode} BLAMES the healthy ${blamed}: ${plain(body)}`;
  const { warnings = [], error = '' } = JSON.parse(body) as {
    readonly warnings?: readonly string[];
    readonly error?: string;
  };
  if (statusCode !== 200) {
    const retry = headers['retry-after'] === undefined ? '' : ' with Retry-After';
    return `${statusCode}${retry}: ${plain(error)}`;
  }
  if (!body.includes(right)) return `200 WRONG: ${plain(body)}`;
  if (lacks === 'perhaps') return '200 right';
  if (lacks === 'something')
    return warnings.length > 0 ? '200 right, names what is missing' : '200 SILENT about what is missing';
  return warnings.length > 0 ? `200 WRONG, warns: ${plain(warnings[0]!)}` : '200 right';
}

/** Without what differs from one answer to the next. */
function plain(text: string): string {
  return text
    .replaceAll(/https?:\/\/[\d.:]+/g, 'URL')
    .replaceAll(/\d+/g, 'N')
    .slice(0, 460);
}
