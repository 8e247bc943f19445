import { createLocalStore, TABLES, tableAt } from '../lake/index.ts';
import { defineCommand } from './command.ts';
import { existingDataFolder } from './data-folder.ts';
import { tableText } from './table-text.ts';

export const lakeTables = defineCommand({
  name: 'lake tables',
  summary: 'Lists the tables of the lake with version, rows, files and size.',
  options: ['data', 'json'],
  async run(config, _args, { stdout, clock }) {
    const store = createLocalStore((await existingDataFolder(config.data)).lake);
    const rows = [];
    for (const definition of TABLES) {
      // A table that nobody has written yet is not there: that is no fault.
      const snapshot = await tableAt(store, definition, { clock })
        .snapshot()
        .catch(() => null);
      if (snapshot === null) continue;
      const bytes = snapshot.files.reduce((sum, file) => sum + file.size, 0);
      const { version, numRecords, files } = snapshot;
      rows.push({
        table: definition.name,
        version,
        rows: numRecords,
        files: files.length,
        bytes,
        comment: definition.comment ?? '',
      });
    }
    if (config.json) stdout.write(`${JSON.stringify(rows)}\n`);
    else {
      const columns = ['table', 'version', 'rows', 'files', 'bytes', 'comment'] as const;
      stdout.write(
        tableText(
          columns,
          rows.map((row) => columns.map((name) => row[name])),
        ),
      );
    }
  },
});
