import type { ServerResponse } from 'node:http';

/** One message on its way to a client: everything but what is particular to that client. */
export interface Message {
  readonly id: number;
  readonly event: 'hello' | 'events' | 'health' | 'generation';
  /** JSON. For `events`, the array alone: each client adds its own count of skipped events. */
  readonly json: string;
  readonly events: number;
  readonly skipped: number;
}

/** What a client that reads too slowly may have waiting in this process, beside the socket's own buffer. */
const WAITING_MESSAGES_MAX = 64;
const SOCKET_BYTES_MAX = 256 * 1024;

/** One open event stream: never more than its bound in memory; the oldest waiting message is dropped first. */
export interface StreamClient {
  send(message: Message): void;
  keepAlive(): void;
  close(): void;
}

/** Opens the stream on a response; headers are sent at once, and browsers are told to come back after 1 s. */
export function openClient(response: ServerResponse): StreamClient {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    Connection: 'keep-alive',
    'X-Accel-Buffering': 'no',
  });
  response.socket?.setNoDelay(true);
  response.write('retry: 1000\n\n');
  const waiting: Message[] = [];
  let skipped = 0;

  const write = (message: Message) => {
    response.write(frame(message, skipped));
    if (message.event === 'events') skipped = 0;
  };
  const isFull = () => response.writableLength > SOCKET_BYTES_MAX;
  const drop = (message: Message) => {
    skipped += message.events + message.skipped;
  };
  response.on('drain', () => {
    while (waiting.length > 0 && !isFull()) write(waiting.shift() as Message);
  });
  return {
    send(message) {
      if (waiting.length === 0 && !isFull()) return write(message);
      // Health is a state: only the newest is worth waiting for.
      const older = message.event === 'events' ? -1 : waiting.findIndex((other) => other.event === message.event);
      if (older >= 0) waiting.splice(older, 1);
      waiting.push(message);
      while (waiting.length > WAITING_MESSAGES_MAX) drop(waiting.shift() as Message);
    },
    keepAlive() {
      if (!isFull()) response.write(': keep-alive\n\n');
    },
    close() {
      response.end();
    },
  };
}

function frame(message: Message, skipped: number): string {
  const data =
    message.event === 'events' ? `{"skipped":${skipped + message.skipped},"events":${message.json}}` : message.json;
  return `id: ${message.id}\nevent: ${message.event}\ndata: ${data}\n\n`;
}
