import { ConfigError } from '../core/index.ts';
import { defineCommand } from './command.ts';
import { existingDataFolder } from './data-folder.ts';
import { openLakeQuery } from './lake-access.ts';
import { csvText, tableText } from './table-text.ts';

export const lakeSql = defineCommand({
  name: 'lake sql',
  summary: 'Queries the lake: any table by its name, at any version.',
  args: ['QUERY'],
  options: ['data', 'version', 'timestamp', 'format', 'json'],
  examples: [
    'beagle lake sql "select app, count(*) from events group by app"',
    'beagle lake sql "select * from events where risk > 60 order by time desc limit 5" --format json',
    'beagle lake sql "select count(*) from events" --version 3',
  ],
  async run(config, [text = ''], { stdout }) {
    if (config.version !== undefined && config.timestamp !== undefined) {
      throw new ConfigError('[lake sql] --version and --timestamp exclude each other; give one');
    }
    const folder = await existingDataFolder(config.data);
    const query = await openLakeQuery(folder.lake);
    try {
      const at =
        config.version !== undefined
          ? { at: { version: config.version } }
          : config.timestamp !== undefined
            ? { at: { timestampUs: config.timestamp } }
            : {};
      const { columns, rows } = await query.sql(text, at);
      const names = columns.map((column) => column.name);
      const cells = rows.map((row) => names.map((name) => row[name]));
      const format = config.json ? 'json' : config.format;
      if (format === 'json') stdout.write(`${JSON.stringify(rows)}\n`);
      else stdout.write(format === 'csv' ? csvText(names, cells) : tableText(names, cells));
    } finally {
      await query.close();
    }
  },
});
