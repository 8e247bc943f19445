import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, type DashboardDeps } from '../../dashboard/index.ts';

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Ends it as a kill does: open streams are cut. */
  kill(): Promise<void>;
}

/** The dashboard on loopback; port 0 takes a free one. */
export async function startServer(deps: DashboardDeps, port = 0): Promise<RunningServer> {
  const { app, close } = createApp(deps);
  const server: Server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    kill: () =>
      new Promise((resolve) => {
        close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
