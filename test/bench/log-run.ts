import { openEmbeddedLog } from '../../log/index.ts';
import { follow, scan } from './log-embedded.ts';
import { benchRecords, takeFrom } from './log-records.ts';

/**
 * One part of `bench log` in a process of its own: until killed, `scan PATH` over and over, `follow PATH` what comes,
 * or `compute`, which has nothing to do with a log; or `memory PATH COUNT…`.
 */
const [mode = '', path = '', ...counts] = process.argv.slice(2);
if (mode === 'compute') {
  process.stdout.write('computing\n');
  const bytes = new Uint8Array(1024 * 1024);
  for (let sum = 0; ; sum = (sum + 1) & 0xff) for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) + sum;
}
const log = await openEmbeddedLog({ path });
if (mode === 'scan') {
  process.stdout.write('reading\n');
  for (;;) await scan(log);
}
if (mode === 'follow') {
  process.stdout.write('reading\n');
  await follow(log);
}
/** Appends up to each count, reading along, and tells the resident memory there. */
const { stream, shards } = await log.createStream('bench', { shards: 1 });
const shardId = shards[0]?.shardId ?? '';
const take = takeFrom(benchRecords());
const CHUNK = 1000;
const LANES = 8;
let at = { type: 'TRIM_HORIZON' } as Parameters<typeof log.read>[2];
let appended = 0;
const memory: number[] = [];
for (const count of counts.map(Number)) {
  while (appended < count) {
    await Promise.all(Array.from({ length: LANES }, () => log.append(stream, take(CHUNK))));
    appended += CHUNK * LANES;
    for (let read = 1; read > 0; ) {
      const { records, next } = await log.read(stream, shardId, at);
      at = next;
      read = records.length;
    }
  }
  memory.push(process.memoryUsage().rss);
}
await log.close();
process.stdout.write(`${JSON.stringify(memory)}\n`);
