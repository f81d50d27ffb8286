import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Connections } from './connections.ts';
import { DelegatingCall } from './delegating-call.ts';
import { WATCH } from './services/health.ts';

/**
 * A call keeps its connection from the end of its request until it is over: such a connection makes no room for others. Watching the
 * health has no end, so it keeps none.
 */
export function keepConnections(connections: Pick<Connections, 'begin'>): ServerInterceptor {
  return ({ path }, call) =>
    new ServerInterceptingCall(path === WATCH ? call : new KeepingCall(call, connections));
}

class KeepingCall extends DelegatingCall {
  readonly #connections: Pick<Connections, 'begin'>;

  constructor(call: ServerInterceptingCallInterface, connections: Pick<Connections, 'begin'>) {
    super(call);
    this.#connections = connections;
  }

  override start(listener: Parameters<ServerInterceptingCallInterface['start']>[0]): void {
    let over: (() => void) | undefined;
    super.start({
      onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => {
        over = this.#connections.begin(this.getConnectionInfo());
        listener.onReceiveHalfClose();
      },
      // The library says so at the end of every call.
      onCancel: () => {
        over?.();
        listener.onCancel();
      },
    });
  }
}
