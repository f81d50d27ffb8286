import { experimental, type ServerCredentials } from '@grpc/grpc-js';

/** PEM texts. */
export interface GrpcServerTls {
  readonly cert: string;
  readonly key: string;
  /** Clients must show a certificate that this one signed. It can be renewed, but not be added or taken away. */
  readonly clientCa: string | undefined;
}

/** Certificates of a server that can be renewed: later handshakes use the new ones, open connections stay. */
export class ServerCertificates {
  readonly #identity: Listeners<experimental.IdentityCertificateUpdate>;
  readonly #authorities: Listeners<experimental.CaCertificateUpdate>;
  readonly #checksClients: boolean;

  constructor(tls: GrpcServerTls) {
    this.#identity = new Listeners(identityOf(tls));
    this.#authorities = new Listeners(authoritiesOf(tls));
    this.#checksClients = tls.clientCa !== undefined;
  }

  renew(tls: GrpcServerTls): void {
    this.#authorities.set(authoritiesOf(tls));
    this.#identity.set(identityOf(tls));
  }

  credentials(): ServerCredentials {
    const provider: experimental.CertificateProvider = {
      addIdentityCertificateListener: (listener) => this.#identity.add(listener),
      removeIdentityCertificateListener: (listener) => this.#identity.remove(listener),
      addCaCertificateListener: (listener) => this.#authorities.add(listener),
      removeCaCertificateListener: (listener) => this.#authorities.remove(listener),
    };
    // The first argument is where it takes its own certificate from, whatever its declaration calls it.
    return experimental.createCertificateProviderServerCredentials(
      provider,
      this.#checksClients ? provider : null,
      this.#checksClients,
    );
  }
}

/** A value and what is to hear of it. */
class Listeners<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  set(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }

  /** Tells the value a little later, as the library expects it: it is not ready to hear of it before. */
  add(listener: (value: T) => void): void {
    this.#listeners.add(listener);
    process.nextTick(() => listener(this.#value));
  }

  remove(listener: (value: T) => void): void {
    this.#listeners.delete(listener);
  }
}

function identityOf({ cert, key }: GrpcServerTls): experimental.IdentityCertificateUpdate {
  return { certificate: Buffer.from(cert), privateKey: Buffer.from(key) };
}

function authoritiesOf({ clientCa = '' }: GrpcServerTls): experimental.CaCertificateUpdate {
  return { caCertificate: Buffer.from(clientCa) };
}
