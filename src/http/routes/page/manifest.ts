/** What the build of the page tells about itself, in `manifest.json` beside its files. */
export interface PageManifest {
  /** The document, with a mark where the path goes under which clients find this server. */
  readonly document: string;
  /** Names of files whose names change with their contents. Each is there as it is, as `.br` and as `.gz`. */
  readonly assets: readonly string[];
  /** What it was made of, so that it is not made again. */
  readonly stamp: string;
}

/** Stands in the document in the place of the path; no path that is told has a brace. */
export const BASE_MARK = '{base}';
