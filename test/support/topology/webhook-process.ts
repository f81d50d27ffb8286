import { createServer } from 'node:http';

/**
 * Takes notifications of Alertmanager: `webhook-process.ts --listen=HOST:PORT`. GET answers with all that came, as a list of JSON. Ends by SIGTERM.
 */
const MOST = 1000;
const [host, port] = process.argv[2]!.replace('--listen=', '').split(':') as [string, string];
const notifications: string[] = [];

createServer((request, response) => {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'application/json');
    response.end(`[${notifications.join(',')}]`);
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (body += part));
  request.on('end', () => {
    notifications.push(body);
    notifications.splice(0, notifications.length - MOST);
    response.end();
  });
}).listen(Number(port), host);
