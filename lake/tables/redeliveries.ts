import { required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const REDELIVERIES: TableDefinition = {
  name: 'redeliveries',
  comment: 'Records that brought an event again within 24 hours; the event itself is in events or quarantine.',
  columns: [
    required('log_shard', 'string', 'Stream, incarnation and shard on the log.'),
    required('log_position', 'string', 'Position on the shard.'),
    required('event_uid', 'string', 'The event that came again.'),
    required('ingested_at', 'timestamp', 'When the row was made.'),
  ],
  partitionBy: [],
};
