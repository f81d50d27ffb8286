import { EMPTY_LABELS, labelValue, pairsOf } from '../../model/labels.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import { PackedTexts } from '../../model/packed-texts.ts';
import type { Pacer } from '../../model/pacer.ts';
import { PackedSeries } from '../../wire/batch/lists/packed-series.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
import { answerPacer } from '../pace.ts';
import type { Labels } from '../../model/labels.ts';
import type { Backend, BackendDescription, BackendSelect, LookupRequest, RawSeriesSet } from '../backend.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { ServerKind } from '../../model/server-kind.ts';
import { ownCall, type RequestScope } from '../../model/request-scope.ts';
import type { Answered, EndpointItems, EndpointList } from '../answered.ts';
import type { ListCalls } from '../list-calls.ts';
import type { EndpointMemory } from '../series-memory.ts';
import { readExternalLabels, readOwnLabelNames } from './describe.ts';
import { attempt } from '../endpoint-error.ts';
import type { EvaluateCall } from '../evaluate-call.ts';
import { evaluateQuery } from './evaluate.ts';
import { HttpClient } from './http-client.ts';
import { readBuild } from './kinds/recognise.ts';
import { KINDS } from './kinds/table.ts';
import { createListCalls } from './list-calls.ts';
import { lookupsOf, type Lookups } from './lookups.ts';
import { Negotiation } from './negotiate.ts';
import type { PrometheusOptions } from './options.ts';
import type { OriginCalls } from '../series-origins.ts';
import { createOriginCalls } from './origins/origin-calls.ts';
import { hasOwnSemantics } from './own-semantics.ts';
import { selectSamples } from './select.ts';
import { listWithExternals, seriesWithExternals, takerWithExternals } from './with-external-labels.ts';
import type { Externals } from './with-external-labels.ts';

/**
 * A Prometheus, or a server that speaks as one, over HTTP. `describe` must have succeeded once before series come with
 * the server's external labels, unless they are configured.
 */
export function createPrometheusBackend(options: PrometheusOptions): Backend {
  return new PrometheusBackend(options);
}

/** Takes no work of a Prometheus. Another server may not have it, and that is an answer, too. */
const HEALTH_PATH = '/-/healthy';

/** Asks for one of the series that do not carry the label themselves. Servers refuse to be asked for that alone. */
function withoutOwn(request: LookupRequest, label: string): LookupRequest {
  const absent: Matcher = { kind: '=', name: label, value: '' };
  return { ...request, matcherSets: request.matcherSets.map((set) => [...set, absent]), limit: 1 };
}

class PrometheusBackend implements Backend {
  readonly address: string;
  readonly lists: ListCalls;
  readonly #origins: OriginCalls;
  readonly #configuredKind: ServerKind | undefined;
  /** Whether it may answer each caller with other data: then it is not known where the series of a caller come from. */
  readonly #passesHeaders: boolean;
  readonly #client: HttpClient;
  readonly #memory: EndpointMemory | undefined;
  readonly #negotiation = new Negotiation();
  #externals: Externals;
  #hasOwnSemantics = false;

  constructor(options: PrometheusOptions) {
    this.address = options.url;
    this.#client = new HttpClient(options);
    this.#memory = options.memory?.ofEndpoint();
    this.#externals = {
      labels: options.externalLabels ?? EMPTY_LABELS,
      configured: options.externalLabels !== undefined,
    };
    this.lists = createListCalls(
      this.#client,
      () => this.#externals,
      (scope, work) => attempt(this.address, scope, work),
    );
    this.#configuredKind = options.kind;
    this.#passesHeaders = (options.passedHeaders ?? []).length > 0;
    this.#origins = createOriginCalls(this.#client, (scope, work) => attempt(this.address, scope, work));
  }

  get origins(): OriginCalls | undefined {
    return this.#negotiation.kind.tellsOrigins && !this.#passesHeaders ? this.#origins : undefined;
  }

  get evaluate(): EvaluateCall | undefined {
    return this.#hasOwnSemantics ? this.#evaluate : undefined;
  }

  readonly #evaluate: EvaluateCall = async (scope, request) =>
    this.#attempt(scope, async (inner) => evaluateQuery(this.#client, request, inner));

  async describe(signal: AbortSignal): Answered<BackendDescription> {
    return ownCall(signal, async (scope) =>
      this.#attempt(scope, async (inner) => {
        if (!this.#externals.configured)
          this.#externals = { labels: await readExternalLabels(this.#client, inner), configured: false };
        const { version, kind } = await readBuild(this.#client, inner);
        const assumed = KINDS[this.#configuredKind ?? kind];
        const protocol = await this.#negotiation.renew(this.#client, assumed, version, inner);
        const { labels, configured } = this.#externals;
        this.#hasOwnSemantics =
          this.#negotiation.kind === KINDS.prometheus &&
          (await hasOwnSemantics(this.#client, version, inner));
        return {
          externalLabels: labels,
          // Configured labels stand in the place of a series' own.
          ownLabelNames: configured ? new Set() : await readOwnLabelNames(this.#client, labels, inner),
          protocol,
          minTime: -Infinity,
          maxTime: Infinity,
          version,
          component: this.#negotiation.kind.name,
          clockOffsetMs: this.#client.clockOffsetMs,
        };
      }),
    );
  }

  async select(scope: RequestScope, request: BackendSelect): Answered<RawSeriesSet> {
    return this.#attempt(scope, async (inner) => {
      const set = await selectSamples(this.#client, this.#negotiation, request, inner, this.#memory);
      return seriesWithExternals(set, this.#externals, inner);
    });
  }

  async series(scope: RequestScope, request: LookupRequest): Answered<EndpointItems<Labels>> {
    return this.#attempt(scope, async (inner) => {
      const externals = this.#externals;
      const own: PackedSeries[] = [];
      const make = request.taker ?? ((): SeriesTaker => (own[0] = new PackedSeries()));
      const taker = (): SeriesTaker => takerWithExternals(make(), externals);
      const { items, annotations } = await this.#lookups.series({ ...request, taker }, inner);
      return { items: own[0] ?? (await listWithExternals(items, externals, inner)), annotations };
    });
  }

  async labelNames(scope: RequestScope, request: LookupRequest): Answered<EndpointList<string>> {
    return this.#attempt(scope, async (inner) => {
      const { items, annotations } = await this.#lookups.labelNames(request, inner);
      if (items.length === 0) return { items, annotations };
      const external = [...pairsOf(this.#externals.labels)].map(([name]) => name);
      return { items: [...new Set([...items, ...external])], annotations };
    });
  }

  async labelValues(
    scope: RequestScope,
    label: string,
    request: LookupRequest,
  ): Answered<EndpointItems<string>> {
    return this.#attempt(scope, async (inner) => {
      const external = labelValue(this.#externals.labels, label);
      const { items, annotations } = await this.#lookups.labelValues(label, request, inner);
      if (external === '') return { items, annotations };
      // The server does not know that its series have this label: it counts where there is any series at all.
      const some = await this.#lookups.labelNames(withoutOwn(request, label), inner);
      if (some.items.length === 0) return { items, annotations };
      // A configured label stands in the place of the series' own.
      if (this.#externals.configured) return { items: [external], annotations };
      return { items: await withText(items, external, answerPacer(inner)), annotations };
    });
  }

  get #lookups(): Lookups {
    return lookupsOf(this.#client, this.#negotiation.kind);
  }

  async knock(signal: AbortSignal): Promise<boolean> {
    return ownCall(signal, async (scope) => this.#client.knock({ method: 'GET', path: HEALTH_PATH }, scope));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #attempt<T>(scope: RequestScope, work: (scope: RequestScope) => Promise<T>): Answered<T> {
    return attempt(this.address, scope, work);
  }
}

/** A list that has a text as well. */
async function withText(items: ItemList<string>, text: string, pacer: Pacer): Promise<PackedTexts> {
  const all = new PackedTexts();
  let hasText = false;
  await pacer.forEach(items, (item) => {
    if (item === text) hasText = true;
    all.addText(item);
  });
  if (!hasText) all.addText(text);
  return all;
}
