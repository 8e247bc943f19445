import { required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const LABELS: TableDefinition = {
  name: 'labels',
  comment: 'Ground truth of generated attacks. Only the optimizer and the benchmarks read it.',
  columns: [
    required('event_uid', 'string', 'The event.'),
    required('campaign', 'string', 'The attack it belongs to.'),
    required('stage', 'string', 'Its stage in the attack.'),
  ],
  partitionBy: [],
};
