/** What a gateway has used so far, by its metrics. */
export interface Use {
  /** Parts of aggregations that servers computed, one for each shard and selector. */
  readonly pushedParts: number;
  /** Steps of range queries that were kept. */
  readonly keptSteps: number;
  /** Reads of one replica of a shard in the place of both. */
  readonly onceReads: number;
  /** What became of each part and each read, as the metrics name it. */
  readonly outcomes: readonly string[];
}

export async function readUse(url: string): Promise<Use> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return {
    pushedParts: sumOf(text, /^promweave_pushdown_total\{outcome="pushed"\} (\d+)$/gm),
    keptSteps: sumOf(text, /^promweave_results_cache_steps_total\{from="kept"\} (\d+)$/gm),
    onceReads: sumOf(text, /^promweave_shard_reads_total\{reading="once\w*"\} (\d+)$/gm),
    outcomes: [...text.matchAll(/^promweave_(?:pushdown|shard_reads)_total\{\w+="(\w+)"\} (\d+)$/gm)].map(
      ([, outcome, times]) => `${outcome} ${times}`,
    ),
  };
}

function sumOf(text: string, line: RegExp): number {
  return [...text.matchAll(line)].reduce((sum, [, value]) => sum + Number(value), 0);
}
