import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A server whose answer is a list that never ends, each byte of it in a chunk of its own, sent as fast as it is read. Ends with its
 * parent.
 */
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
const BEGINNING = '{"status":"success","data":['.replace(/./g, '1\r\n$&\r\n');
const SPACES = Buffer.from('1\r\n \r\n'.repeat(10_000));

const server = createServer((socket) => {
  const more = (): void => {
    while (socket.writable && socket.write(SPACES));
  };
  socket.on('error', () => undefined).on('drain', more);
  socket.once('data', () => {
    socket.write(HEAD + BEGINNING);
    more();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('disconnect', () => process.exit());
