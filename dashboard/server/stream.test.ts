import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hello, LiveBatch } from '../api.ts';
import { createFakeDeps, type FakeDeps, liveEvent } from './fake-deps.ts';
import { readStream, startTestServer, type TestServer } from './test-server.ts';

let deps: FakeDeps;
let server: TestServer;
beforeEach(async () => {
  deps = await createFakeDeps();
  server = await startTestServer(deps);
});
afterEach(() => server.close());

const open = async (headers: Record<string, string> = {}) => {
  const response = await server.get('/api/stream', headers);
  return { response, stream: readStream(response) };
};

describe('the live stream', () => {
  it('greets with the counters and is neither cached, buffered nor compressed', async () => {
    const { response, stream } = await open({ 'accept-encoding': 'gzip' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-cache');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-encoding')).toBeNull();
    const hello = (await stream.next('hello')).data as Hello;
    expect(hello.health.totals.events).toBe(2);
    await stream.cancel();
  });

  it('brings every event within 100 ms of its emission, with the directory’s name', async () => {
    const { stream } = await open();
    await stream.next('hello');
    const delays: number[] = [];
    for (let n = 0; n < 10; n++) {
      const emittedMs = performance.now();
      deps.emit([liveEvent(2 * n), liveEvent(2 * n + 1, { actor_key: 'okta:00u1' })]);
      const batch = (await stream.next('events')).data as LiveBatch;
      delays.push(performance.now() - emittedMs);
      expect(batch.events.map((event) => event.position)).toEqual([String(2 * n), String(2 * n + 1)]);
      expect(batch.events.map((event) => event.actor_name)).toEqual(['Ada Moreau', undefined]);
      expect(batch.skipped).toBe(0);
    }
    // The median, so that a pause of a busy machine is no failure.
    expect(delays.sort((a, b) => a - b)[5]).toBeLessThan(150);
    await stream.cancel();
  });

  it('gives who comes back a fresh hello with the newest rows', async () => {
    const first = await open();
    await first.stream.next('hello');
    deps.emit([liveEvent(7)]);
    const { id } = await first.stream.next('events');
    await first.stream.cancel();
    const second = await open({ 'last-event-id': id });
    const again = await second.stream.next('hello');
    expect(Number(again.id)).toBeGreaterThan(Number(id));
    expect((again.data as Hello).recent.map((event) => event.position)).toEqual(['7']);
    await second.stream.cancel();
  });

  it('tells health once a second, and the generation when it changes', async () => {
    const { stream } = await open();
    await stream.next('hello');
    await stream.next('health');
    deps.state.health = { generation: 4 };
    expect((await stream.next('generation')).data).toEqual({ generation: 4 });
    await stream.cancel();
  });

  it('samples a flood, says how many it left out, and loses count of none', async () => {
    const { stream } = await open();
    await stream.next('hello');
    deps.emit(Array.from({ length: 30_000 }, (_, n) => liveEvent(n)));
    const batch = (await stream.next('events')).data as LiveBatch;
    expect(batch.events.length).toBeLessThanOrEqual(2000);
    expect(batch.events.length + batch.skipped).toBe(30_000);
    await stream.cancel();
  });

  it('ends its subscription when the app is closed', async () => {
    expect(deps.subscribers()).toBe(1);
    const { stream } = await open();
    await stream.next('hello');
    await server.close();
    expect(deps.subscribers()).toBe(0);
    server = await startTestServer(deps);
  });

  it('turns clients away beyond its bound', async () => {
    const streams = await Promise.all(Array.from({ length: 200 }, () => open()));
    expect((await server.get('/api/stream')).status).toBe(503);
    await Promise.all(streams.map(({ stream }) => stream.cancel()));
  });
});
