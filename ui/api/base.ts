/** The path under which browsers find the gateway, with a slash at its end. The document tells it. */
export const BASE: string = new URL(document.baseURI).pathname;

/** The address of a call of the API, as other programs would use it too. */
export function absoluteUrl(path: string): string {
  return new URL(path, document.baseURI).href;
}
