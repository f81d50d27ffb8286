import { isDeepStrictEqual } from 'node:util';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config/config.ts';
import { accessKey } from '../../config/endpoint-rules.ts';
import { printConfig, type ShownConfig } from '../../config/shown-config.ts';
import type { Clock } from '../../model/clock.ts';
import type { ConfigStatus } from '../../model/config-status.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import { failed, type Result, success } from '../../model/result.ts';
import { withoutSecrets } from '../../model/server-address.ts';
import { namesNoEndpoint } from '../no-endpoints.ts';
import type { ConfigReading, ConfigSource } from './config-source.ts';
import { keepForRestart, keepShown } from './keep-for-restart.ts';

export interface ReloaderOptions {
  /** The configuration that the gateway was started with. */
  readonly started: Config;
  /** The same for clients to see. */
  readonly shown: ShownConfig;
  readonly source: Pick<ConfigSource, 'read'>;
  /** Puts a configuration into force. Rejects with `bad_data` where that cannot be done; then the former one stays in force. */
  readonly apply: (config: Config) => Promise<void>;
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  /** Hears of all that was read, whether it can be used or not. */
  readonly onRead?: (reading: ConfigReading) => void;
}

/** What else is to be said, as sentences, or what is wrong with the configuration. */
export type ReloadResult = Result<readonly string[], string>;

/**
 * Reads the configuration of a running gateway again. One that cannot be used changes nothing. Requests that run keep what they
 * began with.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  #wanted: Config;
  #shown: ShownConfig;
  #yaml: string | undefined;
  #status: ConfigStatus;
  #last: Promise<unknown> = Promise.resolve();
  /** The next one that was asked for and has not begun. */
  #next: Promise<ReloadResult> | undefined;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#wanted = options.started;
    this.#shown = options.shown;
    this.#status = { generation: 1, isLastReloadSuccessful: true, loadedAt: options.clock.now() };
  }

  status(): ConfigStatus {
    return this.#status;
  }

  /** The configuration in force as a file, without secrets and defaults. */
  yaml(): string {
    this.#yaml ??= printConfig(this.#shown);
    return this.#yaml;
  }

  /**
   * Reads it, after the one that runs. All that ask until that begins share it: it reads what was there when each of them asked, or
   * newer. It never rejects.
   * @param cause for the log, which has that of the first.
   */
  reload(cause: string): Promise<ReloadResult> {
    this.#next ??= this.#inTurn(async () => {
      this.#next = undefined;
      return this.#reload(cause, await this.#read());
    });
    return this.#next;
  }

  /** The same where its files changed, which may be secrets alone: these are read when they are needed. */
  filesChanged(): Promise<ReloadResult> {
    return this.#inTurn(async () => {
      const reading = await this.#read();
      const isKnown = reading.config.ok && isDeepStrictEqual(reading.config.value, this.#wanted);
      return isKnown && this.#status.isLastReloadSuccessful
        ? success([])
        : this.#reload('its files changed', reading);
    });
  }

  #inTurn(work: () => Promise<ReloadResult>): Promise<ReloadResult> {
    const next = this.#last.then(work);
    this.#last = next;
    return next;
  }

  async #read(): Promise<ConfigReading> {
    try {
      const reading = await this.#options.source.read();
      this.#options.onRead?.(reading);
      return reading;
    } catch (thrown) {
      // The files of the reading before are looked at on.
      return { config: failed(messageOf(thrown)), shown: {}, files: new Map() };
    }
  }

  async #reload(cause: string, reading: ConfigReading): Promise<ReloadResult> {
    const { logger, clock } = this.#options;
    const before = this.#wanted.endpoints;
    const result = await this.#renew(reading);
    if (!result.ok) {
      this.#status = { ...this.#status, isLastReloadSuccessful: false, failedAt: clock.now() };
      logger.error(
        { cause, reason: result.failure },
        'the configuration cannot be used; the former one stays in force',
      );
      return result;
    }
    const generation = this.#status.generation + 1;
    this.#status = { generation, isLastReloadSuccessful: true, loadedAt: clock.now() };
    const after = this.#wanted.endpoints;
    logger.info(
      {
        cause,
        generation,
        ...named('added', { list: after, others: before }),
        ...named('removed', { list: before, others: after }),
      },
      'the configuration was read again',
    );
    for (const note of result.value) logger.warn(note);
    return result;
  }

  async #renew({ config: read, shown }: ConfigReading): Promise<ReloadResult> {
    const { started, shown: shownAtStart, apply, logger } = this.#options;
    if (!read.ok) return read;
    // A file that is written in place is empty for a moment, and then an answer would be, too.
    if (namesNoEndpoint(read.value) && !namesNoEndpoint(this.#wanted))
      return failed(
        'it names no endpoint, though the former one does; restart the gateway to go on without any',
      );
    try {
      const { config, needRestart } = keepForRestart(started, read.value);
      await apply(config);
      this.#wanted = read.value;
      this.#shown = keepShown(shownAtStart, shown, needRestart);
      this.#yaml = undefined;
      return success(
        needRestart.map((key) => `${key} was changed, but keeps its value until the gateway is restarted`),
      );
    } catch (thrown) {
      if (!(thrown instanceof QueryError) || thrown.kind !== 'bad_data')
        logger.error({ err: thrown }, 'that is a mistake of promweave itself');
      return failed(messageOf(thrown));
    }
  }
}

/** So many endpoints are named in one line of the log. */
const MOST_NAMED = 20;

/** Under a key the endpoints of one list that another does not have; nothing where there is none. Those that are found are logged apart. */
function named(
  key: string,
  { list, others }: { readonly list: Config['endpoints']; readonly others: Config['endpoints'] },
): Readonly<Record<string, string>> {
  const known = new Set(others.map(keyOf));
  const names = list
    .filter((endpoint) => !known.has(keyOf(endpoint)))
    .map(({ address }) => withoutSecrets(address));
  if (names.length === 0) return {};
  const more = names.length - MOST_NAMED;
  return { [key]: names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '') };
}

function keyOf(endpoint: Config['endpoints'][number]): string {
  return JSON.stringify([endpoint.address, accessKey(endpoint)]);
}
