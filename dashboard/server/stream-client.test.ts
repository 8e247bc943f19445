import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openClient } from './stream-client.ts';

/** A response whose reader can stop reading. */
class SlowResponse extends EventEmitter {
  written: string[] = [];
  writableLength = 0;
  isStuck = false;
  socket = null;
  writeHead() {}
  end() {}
  write(text: string) {
    this.written.push(text);
    if (this.isStuck) this.writableLength += text.length;
  }
  recover() {
    this.isStuck = false;
    this.writableLength = 0;
    this.emit('drain');
  }
}

const batch = (id: number) =>
  ({ id, event: 'events', json: JSON.stringify(['x'.repeat(10_000)]), events: 10, skipped: 0 }) as const;

describe('a client that reads slowly', () => {
  it('costs bounded memory, loses the oldest first, and is told how many it missed', () => {
    const response = new SlowResponse();
    const client = openClient(response as unknown as ServerResponse);
    response.isStuck = true;
    for (let id = 1; id <= 1000; id++) client.send(batch(id));
    expect(response.writableLength).toBeLessThan(300_000);
    const sent = response.written.filter((text) => text.includes('event: events')).length;
    response.recover();
    const frames = response.written.filter((text) => text.includes('event: events'));
    expect(frames.length).toBe(sent + 64);
    const skipped = frames.map((text) => Number(/"skipped":(\d+)/.exec(text)?.[1]));
    expect(skipped.reduce((sum, n) => sum + n, 0)).toBe(10 * (1000 - frames.length));
    expect(frames.at(-1)).toContain('id: 1000\n');
  });

  it('keeps only the newest health waiting, and gets no keep-alive while it is stuck', () => {
    const response = new SlowResponse();
    const client = openClient(response as unknown as ServerResponse);
    client.keepAlive();
    expect(response.written.at(-1)).toBe(': keep-alive\n\n');
    response.isStuck = true;
    for (let id = 1; id <= 40; id++) client.send(batch(id));
    for (let id = 41; id <= 60; id++) client.send({ id, event: 'health', json: `{"n":${id}}`, events: 0, skipped: 0 });
    client.keepAlive();
    response.recover();
    expect(response.written.filter((text) => text.includes('event: health'))).toEqual([
      'id: 60\nevent: health\ndata: {"n":60}\n\n',
    ]);
    client.close();
  });
});
