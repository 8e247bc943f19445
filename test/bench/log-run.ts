import { openSync, readSync } from 'node:fs';
import { openEmbeddedLog } from '../../log/index.ts';
import { follow, scan } from './log-reading.ts';
import { benchRecords, takeFrom } from './log-records.ts';

/**
 * One part of `bench log` in a process of its own: until killed, `scan PATH` of a log over and over, `follow PATH` what
 * comes, or `plain FILE`, which reads as much without a log; or `memory PATH COUNT…`.
 */
const [mode = '', path = '', ...counts] = process.argv.slice(2);
if (mode === 'plain') {
  process.stdout.write('reading\n');
  readForEver(path);
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

/** A file from beginning to end, over and over, each piece into memory of its own as a log's reader has to. */
function readForEver(file: string): never {
  const descriptor = openSync(file, 'r');
  for (;;) {
    for (let at = 0, read = 1; read > 0; at += read) {
      read = readSync(descriptor, Buffer.allocUnsafeSlow(1024 * 1024), 0, 1024 * 1024, at);
    }
  }
}
