import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that does nothing but answer: what a probe of it waits for is the machine, and the prober itself. */
const server = createServer((_, response) => response.end('idle\n'));
server.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('disconnect', () => process.exit());
