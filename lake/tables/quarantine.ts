import { required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const QUARANTINE: TableDefinition = {
  name: 'quarantine',
  comment: 'Native events that could not become rows of events, as they came, with the reason.',
  columns: [
    required('event_uid', 'string', 'Hash of app, native id and content, as in events.'),
    required('log_shard', 'string', 'Stream, incarnation and shard on the log.'),
    required('log_position', 'string', 'Position on the shard.'),
    required('ingested_at', 'timestamp', 'When the row was made.'),
    required('app', 'string', 'The app as the log record names it.'),
    required('source', 'string', 'Where the record came from, as the log record says.'),
    required('reason', 'string', 'Why, from a closed list: not_json, not_utf8, schema:<path> …'),
    required('detail', 'string', 'What exactly, in words.'),
    required('raw', 'binary', 'The native event’s bytes.'),
    required('mapper_version', 'int', 'Version of the app’s mapper; 0 when there is none.'),
  ],
  partitionBy: [],
};
