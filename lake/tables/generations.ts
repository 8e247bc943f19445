import { optional, required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const GENERATIONS: TableDefinition = {
  name: 'generations',
  comment: 'Darwin’s progress, one row per generation. What a run resumes from is kept elsewhere.',
  columns: [
    required('run', 'string', 'The run.'),
    required('generation', 'int', 'Counted from 0.'),
    required('created_at', 'timestamp', 'When it was finished.'),
    required('seed', 'long', 'Seed of the run.'),
    required('lake_version', 'long', 'Version of events that is replayed.'),
    required('population', 'int', 'Individuals.'),
    required('evaluations', 'long', 'Policies replayed so far in the run.'),
    required('hypervolume', 'double', 'Of the front, against the run’s fixed reference point.'),
    required('front', 'string', 'JSON: [{policyId, objectives: {security, productivity, compliance}}, …].'),
    optional('knee_id', 'string', 'policyId of the knee of the front.'),
    optional('best_security', 'double', 'Smallest on the front.'),
    optional('best_productivity', 'double', 'Smallest on the front.'),
    optional('best_compliance', 'double', 'Smallest on the front.'),
    optional('duration_ms', 'double', 'How long the generation took.'),
    optional('state', 'string', 'Name of the object that the run resumes from after this generation.'),
  ],
  partitionBy: [],
};
