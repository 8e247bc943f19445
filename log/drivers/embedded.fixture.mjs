// What the tests of the embedded log run in other processes and threads, on compiled output:
// node embedded.fixture.mjs MODE INDEX-URL PATH [NAME]
import { writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const [mode, index, path, name] = isMainThread ? process.argv.slice(2) : workerData;
const { openEmbeddedLog } = await import(index);
const log = await openEmbeddedLog({ path });
const record = (who, i) => ({ app: 'okta', source: `${who}:${i}`, key: who, data: Buffer.alloc(200 + (i % 900), i) });
const modes = { append, echo, threads, appendInThread, full, terminate, appendForEver };
await modes[mode]();

/** Appends for ever at full speed, eight at once; prints the number of each record once it is acknowledged. */
async function append() {
  let next = 0;
  const appender = async () => {
    for (;;) {
      const numbers = Array.from({ length: 1 + (next % 5) }, () => next++);
      await log.append(
        's',
        numbers.map((i) => record(name, i)),
      );
      writeSync(1, `${numbers.join('\n')}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, appender));
}

/** Answers each record of `ping` with one on `pong`, until one says stop. */
async function echo() {
  const [{ shardId }] = (await log.describeStream('ping')).shards;
  let at = { type: 'TRIM_HORIZON' };
  for (let stopped = false; !stopped; ) {
    await log.watch('ping', shardId, at, 10_000);
    const { records, next } = await log.read('ping', shardId, at);
    at = next;
    if (records.length > 0) await log.append('pong', records);
    stopped = records.some(({ source }) => source === 'stop');
  }
  await log.close();
}

/** Two threads and this one append and read at once; prints what this one read. */
async function threads() {
  await log.createStream('s', { shards: 1 });
  const workers = ['a', 'b'].map(
    (who) => new Worker(new URL(import.meta.url), { workerData: ['appendInThread', index, path, who] }),
  );
  const done = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
  for (let i = 0; i < 200; i++) await log.append('s', [record('main', i)]);
  const seen = [];
  let at = { type: 'TRIM_HORIZON' };
  while (seen.length < 600) {
    await log.watch('s', 'shardId-000000000000', at, 10_000);
    const { records, next } = await log.read('s', 'shardId-000000000000', at);
    for (const { source } of records) seen.push(source);
    at = next;
  }
  await done;
  await log.close();
  writeSync(1, JSON.stringify(seen));
}

async function appendInThread() {
  for (let i = 0; i < 200; i++) await log.append('s', [record(name, i)]);
  await log.close();
  parentPort.postMessage('done');
}

/** Appends until the disk is full, then reads, trims, and prints what happened; goes on once told that there is room. */
async function full() {
  await log.createStream('s', { shards: 1 });
  const data = Buffer.alloc(50_000, 7);
  let acknowledged = 0;
  let error = null;
  while (error === null && acknowledged < 1000) {
    await log.append('s', [{ ...record('w', acknowledged), data }]).then(
      () => acknowledged++,
      (thrown) => {
        error = { name: thrown.name, message: thrown.message };
      },
    );
  }
  writeSync(1, `${JSON.stringify({ error })}\n`);
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
  const { records } = await log.read('s', 'shardId-000000000000', { type: 'TRIM_HORIZON' }, { bytesMax: 1e9 });
  const read = records.filter(({ source }, i) => source === `w:${i}`).length;
  let after = null;
  await log.append('s', [record('w', acknowledged)]).then(
    ([{ position }]) => {
      after = position;
    },
    (thrown) => {
      after = `${thrown.name}: ${thrown.message}`;
    },
  );
  await log.close();
  writeSync(1, `${JSON.stringify({ acknowledged, read, after })}\n`);
}

/** Ends threads in the middle of their appends, appends behind each, and exits in the middle of its own. */
async function terminate() {
  await log.createStream('s', { shards: 1 });
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: ['appendForEver', index, path, `worker${i}`] });
    await new Promise((resolve) => worker.once('message', resolve));
    await worker.terminate();
    await log.append('s', [record('main', i)]);
  }
  for (let i = 0; i < 20; i++) void log.append('s', [record('exit', i)]);
  writeSync(1, 'fine');
  process.exit(0);
}

async function appendForEver() {
  for (let i = 0; ; i++) {
    await log.append('s', [record(name, i)]);
    if (i === 20) parentPort.postMessage('going');
  }
}
