import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { DashboardDeps } from './deps.ts';

/** The dashboard on a free loopback port, for the tests. */
export interface TestServer {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  json(path: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function startTestServer(deps: DashboardDeps): Promise<TestServer> {
  const { app, close } = createApp(deps);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers, redirect: 'manual' });
  return {
    url,
    get,
    json: async (path) => (await get(path)).json(),
    close: () =>
      new Promise((resolve) => {
        close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One message of an event stream. */
export interface StreamMessage {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Reads an event stream; `next` resolves with the first unread message of that kind. */
export function readStream(response: Response) {
  const reader = response.body?.getReader();
  if (!reader) throw new Error('[dashboard] the stream has no body; check the response');
  const decoder = new TextDecoder();
  const messages: StreamMessage[] = [];
  let text = '';
  const pump = async () => {
    const { value, done } = await reader.read();
    if (done) throw new Error('[dashboard] the stream ended; nothing more will come');
    text += decoder.decode(value, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const fields = new Map(part.split('\n').map((line): [string, string] => split(line)));
      const data = fields.get('data');
      if (data !== undefined)
        messages.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) });
    }
  };
  return {
    async next(event: string): Promise<StreamMessage> {
      for (;;) {
        const at = messages.findIndex((message) => message.event === event);
        const found = messages[at];
        messages.splice(0, at < 0 ? messages.length : at + 1);
        if (found) return found;
        await pump();
      }
    },
    cancel: () => reader.cancel(),
  };
}

function split(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}
