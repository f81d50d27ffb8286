import { readAlloy, Reference, type AlloyBlock, type AlloyValue } from './read-alloy.ts';

/** What one `prometheus.scrape` of a file does. */
export interface Pipeline {
  /** The component, such as `prometheus.scrape.app`. */
  readonly id: string;
  /** Addresses; undefined where it scrapes Alloy itself. */
  readonly targets: readonly string[] | undefined;
  /** Whether replicas share the targets. */
  readonly isClustered: boolean;
  readonly job: string;
  readonly scrapeInterval: string;
  readonly externalLabels: Attributes;
  /** In the words of `remote_write` of Prometheus, which are those of Alloy. */
  readonly writes: readonly Attributes[];
}

type Attributes = Readonly<Record<string, AlloyValue>>;

/** What each kind of block may set and hold; one that is not here is refused. */
const KNOWN: Readonly<
  Record<string, { readonly sets: readonly string[]; readonly holds: readonly string[] }>
> = {
  'prometheus.scrape': {
    sets: ['targets', 'job_name', 'scrape_interval', 'forward_to'],
    holds: ['clustering'],
  },
  'prometheus.exporter.self': { sets: [], holds: [] },
  'prometheus.remote_write': { sets: ['external_labels'], holds: ['endpoint'] },
  clustering: { sets: ['enabled'], holds: [] },
  endpoint: { sets: ['name', 'url', 'headers'], holds: ['queue_config'] },
  queue_config: { sets: ['max_samples_per_send', 'batch_send_deadline', 'max_shards'], holds: [] },
};

/** What a file makes Alloy do. Throws where it says what is not known here, or names a component that it does not have. */
export function readPipelines(text: string): readonly Pipeline[] {
  const blocks = readAlloy(text);
  for (const block of blocks) assertKnown(block);
  const components = new Map(blocks.map((block) => [`${block.name}.${block.label}`, block]));
  if (components.size < blocks.length) throw new Error('two components have the same name');
  return [...components]
    .filter(([, { name }]) => name === 'prometheus.scrape')
    .map(([id, block]) => toPipeline(id, block, components));
}

function toPipeline(
  id: string,
  { attributes, blocks }: AlloyBlock,
  components: ReadonlyMap<string, AlloyBlock>,
): Pipeline {
  const { targets, job_name: job = id, scrape_interval: scrapeInterval = '60s', forward_to: to } = attributes;
  const written = (to as readonly Reference[]).map((reference) =>
    named(reference, 'prometheus.remote_write', 'receiver', components),
  );
  const [writer] = written;
  if (writer === undefined || written.length > 1) throw new Error(`${id} does not forward to one component`);
  if (targets instanceof Reference) named(targets, 'prometheus.exporter.self', 'targets', components);
  return {
    id,
    targets:
      targets instanceof Reference
        ? undefined
        : (targets as readonly Attributes[]).map((target) => target['__address__'] as string),
    isClustered: blocks.some(({ attributes: { enabled } }) => enabled === true),
    job: job as string,
    scrapeInterval: scrapeInterval as string,
    externalLabels: (writer.attributes['external_labels'] ?? {}) as Attributes,
    writes: writer.blocks.map((endpoint) => ({
      ...endpoint.attributes,
      ...Object.fromEntries(endpoint.blocks.map((queue) => [queue.name, queue.attributes])),
    })),
  };
}

/** The component of a reference, which has to be of this kind and to export this. */
function named(
  { path }: Reference,
  kind: string,
  exported: string,
  components: ReadonlyMap<string, AlloyBlock>,
): AlloyBlock {
  const found = path.endsWith(`.${exported}`) && components.get(path.slice(0, -exported.length - 1));
  if (!found || found.name !== kind) throw new Error(`${path} is not what a ${kind} exports`);
  return found;
}

function assertKnown({ name, attributes, blocks }: AlloyBlock): void {
  const known = KNOWN[name];
  if (known === undefined) throw new Error(`blocks ${name} are not known here`);
  for (const key of Object.keys(attributes))
    if (!known.sets.includes(key)) throw new Error(`${name} may not set ${key}`);
  for (const block of blocks) {
    if (!known.holds.includes(block.name)) throw new Error(`${name} may not hold ${block.name}`);
    assertKnown(block);
  }
}
