import type { Health } from '../../dashboard/index.ts';
import type { Query } from '../../lake/index.ts';
import { type Lake, tableOf } from '../lake-access.ts';

const TABLES = {
  events: 'events',
  quarantined: 'quarantine',
  redelivered: 'redeliveries',
  findings: 'findings',
} as const;
const NONE: Health['totals'] = { events: 0, quarantined: 0, redelivered: 0, findings: 0 };

/** Totals of the lake, counted from the tables' own statistics after each commit. */
export interface LakeGauge {
  readonly totals: Health['totals'];
  readonly files: number;
  refresh(): Promise<void>;
}

export function createLakeGauge(lake: Lake): LakeGauge {
  let totals = NONE;
  let files = 0;
  return {
    get totals() {
      return totals;
    },
    get files() {
      return files;
    },
    async refresh() {
      const counted: Record<string, number> = {};
      for (const [name, table] of Object.entries(TABLES)) {
        const snapshot = await tableOf(lake, table).snapshot();
        counted[name] = snapshot.numRecords;
        if (table === 'events') files = snapshot.files.length;
      }
      totals = { ...NONE, ...counted, findings: await countFindings(lake.query) };
    },
  };
}

/** A finding has a row for each revision; it counts once. */
async function countFindings(query: Query): Promise<number> {
  const { rows } = await query.sql('SELECT count(DISTINCT finding_uid) AS n FROM findings');
  return Number(rows[0]?.n ?? 0);
}
