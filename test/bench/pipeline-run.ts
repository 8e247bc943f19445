import { createDataFolder, dataFolder } from '../../cli/data-folder.ts';
import { startEngine } from '../../cli/engine.ts';
import { openLake, tableOf } from '../../cli/lake-access.ts';
import { openEmbeddedLog } from '../../log/index.ts';

/** One run in a process of its own, so that its memory is its own: log folder, target folder, workers. */
const [source = '', target = '', workers = '2'] = process.argv.slice(2);
const log = await openEmbeddedLog({ path: dataFolder(source).log });
const folder = await createDataFolder(target);
const lake = await openLake(folder.lake, (message) => process.stderr.write(`${message}\n`));
const { pipeline } = await startEngine({
  log,
  source: dataFolder(source),
  target: folder,
  lake,
  workers: Number(workers),
  detect: true,
  live: false,
});
// From here: everything is loaded, nothing is read.
const startedMs = performance.now();
await pipeline.follow('events');
await pipeline.drain();
const elapsedS = (performance.now() - startedMs) / 1000;
const { numRecords } = await tableOf(lake, 'events').snapshot();
await pipeline.stop();
await lake.query.close();
await log.close();
const rssMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ events: numRecords, elapsedS, rssMb })}\n`);
