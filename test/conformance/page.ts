import { checkTransport, type TransportReport } from 'strong-auth-machine/testing';
import { channelOf } from '../../examples/bridges/fakes/web-view.js';
import { createChannelTransport, serveChannel } from '../../examples/bridges/web-view.js';

declare global {
  interface Window {
    /** Runs the suite in the page, on the web view's bridge; `careless`: with a promise that nobody handles. */
    runSuite(careless: boolean): Promise<TransportReport>;
  }
}

window.runSuite = (careless) =>
  checkTransport({
    createTransport(sdk) {
      const { port1, port2 } = new MessageChannel();
      serveChannel(channelOf(port2), sdk);
      const transport = createChannelTransport(channelOf(port1));
      if (!careless) return transport;
      return {
        ...transport,
        send(request, options) {
          const answer = transport.send(request, options);
          answer.then((message) => {
            if ((message as { status?: unknown } | null)?.status === 'FAILED')
              throw new Error('nobody hears this');
          });
          return answer;
        },
      };
    },
  });
