/**
 * What goes wrong between a client and a server. Requests are what the client sends, answers what the server sends: bytes both, so that it is the
 * same for HTTP/1.1 and HTTP/2.
 */
export type Fault =
  | { readonly kind: 'none' }
  /** A line as long and as narrow as this; each direction is shared by all connections. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly bytesPerMs: number }
  /** Connections are accepted, and nothing is passed on. What was held goes on where the fault ends. */
  | { readonly kind: 'silent' }
  /** The same, and attempts to connect are not answered at all, as where a firewall drops their packets. */
  | { readonly kind: 'dropping' }
  /** As where no process listens: open connections are reset, and new ones are refused. */
  | { readonly kind: 'refusing' }
  /** Each connection is reset once so many bytes of answers have passed. */
  | { readonly kind: 'resetting'; readonly afterBytes: number }
  /** Each connection ends in order once so many bytes of answers have passed. */
  | { readonly kind: 'truncating'; readonly afterBytes: number }
  /** Of the bytes of answers on a connection, each one at such a distance is inverted. */
  | { readonly kind: 'corrupting'; readonly everyBytes: number }
  /** Another server on the loopback takes the place of the real one; connections to that are reset. */
  | { readonly kind: 'instead'; readonly port: number };

export const NO_FAULT: Fault = { kind: 'none' };

/** The part of a fault that says how long and how narrow a line is. */
export type SlowLine = Omit<Extract<Fault, { readonly kind: 'slow' }>, 'kind'>;
