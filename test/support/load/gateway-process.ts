import { startTestGateway } from '../running-gateway.ts';

/**
 * A gateway as a process of its own, so that its memory is that of the gateway alone: `gateway-process.ts URL…`.
 * Answers each message with the most memory that it ever held, bytes. Ends with its parent.
 */
const gateway = await startTestGateway(process.argv.slice(2), { refresh_interval: '1h' });
process.on('message', () => {
  process.send!(process.resourceUsage().maxRSS * 1024);
});
process.once('disconnect', () => void gateway.close(0));
process.send!({ url: gateway.url });
