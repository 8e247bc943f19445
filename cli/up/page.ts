import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../../core/index.ts';
import { createApp, type DashboardDeps } from '../../dashboard/index.ts';
import { freePort } from '../free-port.ts';

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

const CLOSE_MS = 1000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Beyond loopback everybody on the network could read the lake: that needs a token. */
export function checkExposure(host: string, token: string | undefined): void {
  if (LOOPBACK.has(host) || token !== undefined) return;
  throw new ConfigError(`[cli] --host ${host} lets others in; set --token (or BEAGLE_TOKEN) or listen on 127.0.0.1`);
}

/** Serves the dashboard. ConfigError when the port is taken, naming a free one. */
export async function servePage(deps: DashboardDeps, host: string, port: number): Promise<Page> {
  const { app, close } = createApp(deps);
  const server = createServer(app);
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}/`,
    async close() {
      close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // What was said last is let out; who does not listen is not waited for.
      const giveUp = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      await closed;
      clearTimeout(giveUp);
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new ConfigError(`[cli] port ${port} is in use; try --port ${await freePort(host)}`);
    throw new ConfigError(`[cli] cannot listen on ${host}:${port} (${code}); choose another --host or --port`);
  }
}
