import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
// What failed may have left threads and a server behind, which would keep the process for ever.
if (process.exitCode !== 0) process.stderr.write('', () => process.exit());
