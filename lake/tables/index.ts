import type { TableDefinition } from './definition.ts';
import { DIRECTORY } from './directory.ts';
import { EVENTS } from './events.ts';
import { FINDINGS } from './findings.ts';
import { GENERATIONS } from './generations.ts';
import { LABELS } from './labels.ts';
import { POLICIES } from './policies.ts';
import { QUARANTINE } from './quarantine.ts';
import { REDELIVERIES } from './redeliveries.ts';

export type { TableDefinition } from './definition.ts';
export { dataColumns } from './definition.ts';
export { EVENTS, FINDINGS, LABELS, QUARANTINE, REDELIVERIES };

/** Every table of the lake that Beagle itself writes. */
export const TABLES: readonly TableDefinition[] = [
  EVENTS,
  QUARANTINE,
  REDELIVERIES,
  FINDINGS,
  DIRECTORY,
  LABELS,
  POLICIES,
  GENERATIONS,
];
