import { ConfigError } from '../core/index.ts';
import { createLocalStore, TABLES, tableAt } from '../lake/index.ts';
import { defineCommand } from './command.ts';
import { existingDataFolder } from './data-folder.ts';
import { ROWS_SHOWN, tableText } from './table-text.ts';

export const lakeHistory = defineCommand({
  name: 'lake history',
  summary: 'Lists the versions of a table, the newest first.',
  args: ['[TABLE]'],
  options: ['data', 'limit', 'json'],
  async run(config, [name = 'events'], { stdout, clock }) {
    const folder = await existingDataFolder(config.data);
    const definition = TABLES.find((table) => table.name === name);
    if (definition === undefined) {
      throw new ConfigError(
        `[lake history] there is no table ${name}; there are ${TABLES.map((table) => table.name).join(', ')}`,
      );
    }
    const entries = await tableAt(createLocalStore(folder.lake), definition, { clock }).history(
      config.limit ?? ROWS_SHOWN,
    );
    if (config.json) stdout.write(`${JSON.stringify(entries)}\n`);
    else {
      const rows = entries.map((entry) => [
        entry.version,
        new Date(entry.timestampUs / 1000).toISOString(),
        entry.operation,
        entry.parameters,
      ]);
      stdout.write(tableText(['version', 'time', 'operation', 'parameters'], rows, 100));
    }
  },
});
