import { BASELINE_POLICY } from '../core/index.ts';
import { policyIdOf } from '../optimizer/index.ts';
import { defineCommand } from './command.ts';
import { existingDataFolder } from './data-folder.ts';
import { openLakeQuery } from './lake-access.ts';
import { ROWS_SHOWN, tableText } from './table-text.ts';

const COLUMNS = [
  'policy_id',
  'version',
  'status',
  'effective_from',
  'security',
  'productivity',
  'compliance',
  'created_at',
  'approved_by',
] as const;

export const policyList = defineCommand({
  name: 'policy list',
  summary: 'Lists policies: those in force first, then what Darwin found, the newest first.',
  options: ['data', 'limit', 'json'],
  async run(config, _args, { stdout }) {
    const query = await openLakeQuery((await existingDataFolder(config.data)).lake);
    try {
      const { rows } = await query.sql(
        `SELECT ${COLUMNS.join(', ')} FROM policies
         QUALIFY row_number() OVER (PARTITION BY policy_id, version ORDER BY created_at DESC) = 1
         ORDER BY version DESC NULLS LAST, created_at DESC, policy_id LIMIT $1`,
        { params: [config.limit ?? ROWS_SHOWN] },
      );
      const builtIn = { policy_id: policyIdOf(BASELINE_POLICY), version: 0, status: 'baseline' };
      const all: Record<string, unknown>[] = [...rows, builtIn];
      if (config.json) stdout.write(`${JSON.stringify(all)}\n`);
      else
        stdout.write(
          tableText(
            COLUMNS,
            all.map((row) => COLUMNS.map((name) => shown(row[name]))),
          ),
        );
    } finally {
      await query.close();
    }
  },
});

const shown = (value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : (value ?? null));
