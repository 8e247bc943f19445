import { EVENT_COLUMNS } from '../../core/index.ts';
import type { TableDefinition } from './definition.ts';

export const EVENTS: TableDefinition = {
  name: 'events',
  comment: 'Identity events of all apps, normalised after OCSF, scored and decided.',
  columns: EVENT_COLUMNS,
  partitionBy: ['event_date'],
  sortBy: ['actor_key', 'time'],
};
