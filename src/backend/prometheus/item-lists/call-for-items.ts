import type { Budget } from '../../../model/budget.ts';
import type { CallScope } from '../../../model/request-scope.ts';
import { turnFor } from '../../../model/pacer.ts';
import { isTurnUsedUp } from '../../../model/turns.ts';
import type { EndpointItems } from '../../answered.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { answerPacer } from '../../pace.ts';
import { annotationsOf, checkAnswer, envelopeOf, parsedWeight, pathOf } from '../api-call.ts';
import type { HttpAnswer, HttpCall, HttpClient } from '../http-client.ts';
import { noListOf } from '../list-of.ts';
import { parsePaced } from '../paced-json.ts';
import type { SeriesTaker } from '../../../wire/batch/lists/series-taker.ts';
import type { ItemReader } from './item-reader.ts';
import { LIST_MEMBER, ListScanner } from './list-scanner.ts';
import { SeriesItems } from './series-items.ts';
import { TextItems } from './text-items.ts';

/** Of an answer beside its list. */
const MOST_ENVELOPE_BYTES = 1024 * 1024;

/** What is said beside a list, and whether there was one: `null` is a list of nothing. */
interface ListAnswer {
  readonly hasList: boolean;
  readonly annotations: EndpointItems<unknown>['annotations'];
}

/**
 * Calls the JSON API for a list of texts, which are packed as they arrive: of millions there is neither a body nor a string.
 * @param what the texts are, for messages.
 */
export async function callForTexts(
  client: HttpClient,
  call: HttpCall,
  what: string,
  scope: CallScope,
): Promise<EndpointItems<string>> {
  const items = new TextItems(() => noListOf(what));
  const { hasList, annotations } = await callForItems(client, call, items, what, scope);
  return { items: hasList ? items.texts : [], annotations };
}

/** The same for a list of label sets, which the taker has as they come. Resolves to what is said beside it. */
export async function callForSeries(
  client: HttpClient,
  call: HttpCall,
  scope: CallScope,
  taker: SeriesTaker,
): Promise<EndpointItems<unknown>['annotations']> {
  const items = new SeriesItems(taker, () => noListOf('series'));
  const { annotations } = await callForItems(client, call, items, 'series', scope);
  scope.budget.series(items.count);
  return annotations;
}

async function callForItems(
  client: HttpClient,
  call: HttpCall,
  items: ItemReader,
  what: string,
  scope: CallScope,
): Promise<ListAnswer> {
  const answer = await client.send(call, scope);
  await checkAnswer(answer, call);
  const scanner = new ListScanner(items);
  const envelope = envelopeOf(await scanned(answer, call, scanner, items, scope));
  const { hasList } = scanner;
  if (!hasList && (envelope[LIST_MEMBER] ?? null) !== null) throw noListOf(what);
  return { hasList, annotations: annotationsOf(envelope) };
}

/** Reads an answer to its end and returns its envelope. What is held counts against the budget as it comes. */
async function scanned(
  { body, budget }: HttpAnswer,
  call: HttpCall,
  scanner: ListScanner,
  items: ItemReader,
  scope: CallScope,
): Promise<unknown> {
  const held = new HeldBytes(budget);
  try {
    for await (const part of body) {
      // A part may be there already although nobody waits for it any more.
      scope.signal.throwIfAborted();
      scanner.push(part);
      if (scanner.envelope.length > MOST_ENVELOPE_BYTES) throw envelopeTooLarge(call);
      held.rise(items.bytes + scanner.envelope.length);
      if (isTurnUsedUp()) await turnFor(scope);
    }
    scanner.end();
    const envelope = Buffer.concat([...scanner.envelope.take()]);
    held.rise(items.bytes + parsedWeight(envelope));
    return await parsePaced(envelope, answerPacer(scope), LIST_MEMBER);
  } catch (thrown) {
    held.giveAll();
    throw thrown;
  }
}

class HeldBytes {
  readonly #budget: Budget;
  #bytes = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  rise(bytes: number): void {
    if (bytes <= this.#bytes) return;
    this.#budget.take(bytes - this.#bytes);
    this.#bytes = bytes;
  }

  giveAll(): void {
    this.#budget.give(this.#bytes);
  }
}

function envelopeTooLarge(call: HttpCall): EndpointError {
  return new EndpointError(
    'too_large',
    `its answer to ${pathOf(call)} has more than ${MOST_ENVELOPE_BYTES} bytes beside its list; check that it is a Prometheus API`,
  );
}
