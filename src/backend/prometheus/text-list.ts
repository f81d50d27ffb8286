import type { Budget } from '../../model/budget.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { isTurnUsedUp, nextTurn } from '../../model/turns.ts';
import type { EndpointItems } from '../answered.ts';
import { EndpointError } from '../endpoint-error.ts';
import { answerPacer } from '../pace.ts';
import { annotationsOf, checkAnswer, envelopeOf, parsedWeight, pathOf } from './api-call.ts';
import type { HttpAnswer, HttpCall, HttpClient } from './http-client.ts';
import { isString, listOf, noListOf } from './list-of.ts';
import { parsePaced } from './paced-json.ts';
import { LIST_MEMBER, TextListScanner } from './text-list-scanner.ts';

/** Of an answer beside its list. */
const MOST_ENVELOPE_BYTES = 1024 * 1024;

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
  const answer = await client.send(call, scope);
  await checkAnswer(answer, call);
  const scanner = new TextListScanner(() => noListOf(what));
  const envelope = envelopeOf(await scanned(answer, call, scanner, scope));
  const items = scanner.hasList
    ? scanner.texts
    : await listOf(envelope[LIST_MEMBER], isString, what, answerPacer(scope.signal));
  return { items, annotations: annotationsOf(envelope) };
}

/** Reads an answer to its end and returns its envelope. What is held counts against the budget as it comes. */
async function scanned(
  { body, budget }: HttpAnswer,
  call: HttpCall,
  scanner: TextListScanner,
  { signal }: CallScope,
): Promise<unknown> {
  const held = new HeldBytes(budget);
  try {
    for await (const part of body) {
      scanner.push(part);
      if (scanner.envelope.length > MOST_ENVELOPE_BYTES) throw envelopeTooLarge(call);
      held.rise(scanner.texts.bytes + scanner.envelope.length);
      if (isTurnUsedUp()) await nextTurn();
    }
    scanner.end();
    const envelope = Buffer.concat([...scanner.envelope.take()]);
    held.rise(scanner.texts.bytes + parsedWeight(envelope));
    return await parsePaced(envelope, answerPacer(signal), LIST_MEMBER);
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
