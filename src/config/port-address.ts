/** A host and a port, to listen on or to connect to. */
export interface PortAddress {
  readonly host: string;
  readonly port: number;
}
