/** What of CycloneDX 1.5 is looked at here. */
export interface Bill {
  readonly metadata: { readonly component: { readonly name: string; readonly 'bom-ref': string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** The packages, as `name version`, whose code a text of licenses says to be in the program. */
export function packagesIn(licenses: string): readonly string[] {
  return Array.from(licenses.matchAll(/^=+\n(\S+ \S+): /gm), ([, found]) => found!);
}

/**
 * Of npm's list of all that is installed, what is in the program. npm can leave out what only developers need, but then loses
 * packages that both need, and libraries of the page are for the build alone.
 */
export function billOfMaterials(all: Bill, name: string, shipped: ReadonlySet<string>): Bill {
  const components = all.components.filter((each) => shipped.has(`${each.name} ${each.version}`));
  const { metadata } = all;
  const refs = new Set([...components.map((each) => each['bom-ref']), metadata.component['bom-ref']]);
  return {
    ...all,
    metadata: { ...metadata, component: { ...metadata.component, name } },
    components,
    dependencies: all.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}
