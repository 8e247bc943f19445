import { isIP } from 'node:net';
import { expect } from 'vitest';
import { CLASS, EVENT_COLUMNS, type MappedEvent } from '../../../core/index.ts';
import { COLUMN_TEXT_MAX } from '../text.ts';

/** Highest activity_id of each OCSF 1.8.0 class, beside 0 Unknown and 99 Other. */
export const ACTIVITY_MAX: Readonly<Record<number, number>> = {
  3001: 12,
  3002: 7,
  3003: 2,
  3004: 13,
  3005: 2,
  3006: 8,
  6001: 8,
  6002: 8,
  6003: 4,
  6005: 10,
  6006: 17,
};

const COLUMN_TYPES = new Map(EVENT_COLUMNS.map((column) => [column.name, column]));

/** Every member of a MappedEvent, so that a map that forgets or adds one is found. */
const MEMBERS: readonly (keyof MappedEvent)[] = [
  'native_uid',
  'time',
  'class_uid',
  'activity_id',
  'severity_id',
  'status',
  'status_detail',
  'action',
  'actor_uid',
  'actor_email',
  'actor_type',
  'target_uid',
  'target_type',
  'target_name',
  'src_ip',
  'device_uid',
  'device_os',
  'device_managed',
  'user_agent',
  'session_uid',
  'mfa',
  'auth_protocol',
  'is_privileged',
  'changes_mfa',
  'sensitivity',
];

/**
 * Throws unless the event has exactly the members of a MappedEvent, each of its column's type and within bounds:
 * texts of 1 to 1,024 characters, an address that is one, closed enums, OCSF's activities of the class.
 */
export function expectMappedEvent(event: MappedEvent): void {
  expect(Object.keys(event).sort()).toEqual([...MEMBERS].sort());
  for (const [name, value] of Object.entries(event)) {
    const column = COLUMN_TYPES.get(name) ?? { type: 'boolean', nullable: false };
    if (value === null) {
      expect(column.nullable || name === 'time', `${name} is null`).toBe(true);
    } else if (column.type === 'string') {
      expect(typeof value, name).toBe('string');
      expect((value as string).length, name).toBeGreaterThan(0);
      expect((value as string).length, name).toBeLessThanOrEqual(COLUMN_TEXT_MAX);
    } else if (column.type === 'boolean') {
      expect(typeof value, name).toBe('boolean');
    } else {
      expect(Number.isSafeInteger(value), name).toBe(true);
    }
  }
  expect(Object.values(CLASS)).toContain(event.class_uid);
  const { activity_id } = event;
  expect(activity_id === 99 || (activity_id >= 0 && activity_id <= (ACTIVITY_MAX[event.class_uid] ?? -1))).toBe(true);
  expect(event.severity_id).toBeGreaterThanOrEqual(1);
  expect(event.severity_id).toBeLessThanOrEqual(5);
  expect(['success', 'failure', 'unknown', 'other']).toContain(event.status);
  expect(['user', 'admin', 'system', 'service', 'unknown']).toContain(event.actor_type);
  expect([0, 1, 2, 3]).toContain(event.sensitivity);
  if (event.src_ip !== null) expect(isIP(event.src_ip)).not.toBe(0);
}
