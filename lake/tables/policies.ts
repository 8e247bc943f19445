import { optional, required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const POLICIES: TableDefinition = {
  name: 'policies',
  comment: 'Every policy ever: candidates that Darwin found and versions that people approved.',
  columns: [
    required('policy_id', 'string', 'The policy; its later rows say what became of it.'),
    optional('version', 'int', 'Version in force order; null until approved.'),
    optional('parent', 'int', 'Version it was evolved from.'),
    required('status', 'string', 'candidate, front, knee or approved.'),
    optional('effective_from', 'timestamp', 'When it takes effect, in event time; null until approved.'),
    required('created_at', 'timestamp', 'When the row was made.'),
    optional('run', 'string', 'Darwin’s run that found it.'),
    optional('generation', 'int', 'Generation that found it.'),
    optional('seed', 'long', 'Seed of the run.'),
    optional('lake_version', 'long', 'Version of events that it was replayed on.'),
    optional('security', 'double', 'Residual attack impact on that history; smaller is better.'),
    optional('productivity', 'double', 'Friction, minutes per user and week; smaller is better.'),
    optional('compliance', 'double', 'Control gaps; smaller is better.'),
    required('is_knee', 'boolean', 'Whether it is the knee of its front.'),
    required('policy', 'string', 'The policy itself, JSON.'),
    optional('approved_by', 'string', 'Who approved it.'),
    optional('comment', 'string', 'Why, in the approver’s words.'),
  ],
  partitionBy: [],
};
