import { parentPort, workerData } from 'node:worker_threads';

/**
 * A client of the page's stream, apart from the process's main loop: measures from each generated event's
 * scheduled emission (the `due µs` in its record's source) to its arrival here.
 */
const { url, token } = workerData as { url: string; token: string | null };
const latenciesMs: number[] = [];
const stop = new AbortController();

parentPort?.on('message', () => {
  stop.abort();
  parentPort?.postMessage(Float64Array.from(latenciesMs));
  parentPort?.close();
});

const response = await fetch(new URL('/api/stream', url), {
  signal: stop.signal,
  headers: token === null ? {} : { authorization: `Bearer ${token}` },
});
parentPort?.postMessage('connected');
let buffer = '';
try {
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const nowUs = Date.now() * 1000;
    buffer += chunk;
    const end = buffer.lastIndexOf('\n');
    for (const [, due] of buffer.slice(0, end + 1).matchAll(/"source":"generator@(\d+)"/g)) {
      latenciesMs.push((nowUs - Number(due)) / 1000);
    }
    buffer = buffer.slice(end + 1);
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
}
