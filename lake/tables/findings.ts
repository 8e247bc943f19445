import { optional, required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const FINDINGS: TableDefinition = {
  name: 'findings',
  comment: 'What detections found. A finding may be revised: of one finding_uid the latest row is current.',
  columns: [
    required('finding_uid', 'string', 'Rule, key and window: the same finding has the same uid.'),
    required('detection_id', 'string', 'The rule.'),
    required('time', 'timestamp', 'When it was found, in event time.'),
    required('severity_id', 'int', 'OCSF severity.'),
    required('attack', 'list<string>', 'MITRE ATT&CK technique ids.'),
    required('entities', 'list<string>', 'Who and what it concerns: actor keys, addresses, clients.'),
    required('event_uids', 'list<string>', 'The events that are its evidence.'),
    required('reasons', 'list<string>', 'Why, in words and figures.'),
    required('status', 'string', 'new, updated or closed.'),
    required('evidence_hash', 'string', 'Hash of the evidence: the same evidence adds no row.'),
    optional('window_start', 'timestamp', 'Begin of the window of event time, included.'),
    optional('window_end', 'timestamp', 'End of the window of event time, excluded.'),
    required('log_shard', 'string', 'Stream, incarnation and shard on the log.'),
    required('log_position', 'string', 'Position on the shard.'),
    required('ingested_at', 'timestamp', 'When the row was made.'),
  ],
  partitionBy: [],
};
