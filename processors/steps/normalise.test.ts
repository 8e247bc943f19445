import { describe, expect, test } from 'vitest';
import { EVENT_BYTES_MAX, EVENT_COLUMNS, eventUid, JSON_DEPTH_MAX } from '../../core/index.ts';
import type { LogRecord } from '../../log/index.ts';
import { DAY_US, PLAIN, SHARD, START_US } from '../fixtures.ts';
import { createNormalise } from './normalise.ts';

const normalise = createNormalise(new Map([['plain', PLAIN]]));
const recordOf = (data: string | Uint8Array, app = 'plain'): LogRecord => ({
  app,
  source: 's',
  key: 'person:p1',
  data: typeof data === 'string' ? Buffer.from(data) : data,
  position: '7',
  arrivalUs: START_US,
});
const of = (data: string | Uint8Array, app?: string) => normalise(recordOf(data, app), SHARD, 5);
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a record that cannot become a row', () => {
  test.each([
    ['not_json', '{"a":'],
    ['not_json', ''],
    ['not_utf8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['not_an_object', '[1]'],
    ['not_an_object', 'null'],
    ['too_large', new Uint8Array(EVENT_BYTES_MAX + 1).fill(0x20)],
    ['too_deep', `{"a":${nested(JSON_DEPTH_MAX + 1)}}`],
    ['unmappable', '{"action":"fail"}'],
    ['schema:time', '{"time":"x"}'],
  ])('is put aside as %s', (reason, data) => {
    const { result, eventUid: uid } = of(data);
    expect(result).toMatchObject({ kind: 'deadLetter', reason });
    expect(uid).toMatch(/^[0-9a-f]{32}$/);
    const { detail } = result as { detail: string };
    expect(detail).not.toBe('');
    expect(detail).not.toContain('\n');
    expect(detail.length).toBeLessThanOrEqual(200);
  });

  test('is put aside as unknown_app when no source has the name, not even one that objects inherit', () => {
    for (const app of ['nobody', '__proto__', 'constructor', '@scored']) {
      expect(of('{}', app).result).toMatchObject({ kind: 'deadLetter', reason: 'unknown_app' });
    }
  });
});

describe('an event’s uid', () => {
  test('is the same however the same content is written', () => {
    expect(of('{"action":"a","x":[1,2]}').eventUid).toBe(of(' { "x" : [1, 2] ,"action":"\\u0061"}').eventUid);
    expect(of('{"action":"a","x":1}').eventUid).not.toBe(of('{"action":"a","x":1.0}').eventUid);
  });

  test('tells events apart to which the vendor gave one id, and apps', () => {
    expect(of('{"native_uid":"1","x":1}').eventUid).not.toBe(of('{"native_uid":"1","x":2}').eventUid);
    expect(of('{}').eventUid).not.toBe(of('{}', 'nobody').eventUid);
  });

  test('is that of the raw bytes where members are doubled', () => {
    const text = '{"native_uid":"9","action":"a","action":"b"}';
    const { eventUid: uid, result } = of(text);
    expect(uid).toBe(eventUid('plain', '9', Buffer.from(text)));
    expect(uid).not.toBe(of('{"native_uid":"9","action":"b"}').eventUid);
    expect(result).toMatchObject({ kind: 'ok', value: { draft: { action: 'b' } } });
  });

  test('sees members named __proto__, which change nothing else', () => {
    const { result, eventUid: uid } = of('{"__proto__":{"action":"evil","polluted":1}}');
    expect(uid).not.toBe(of('{}').eventUid);
    expect(result).toMatchObject({ kind: 'ok', value: { draft: { action: 'read' } } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a row', () => {
  const draftOf = (native: object) => {
    const { result } = of(JSON.stringify(native));
    if (result.kind !== 'ok') throw new Error(result.kind);
    return result.value.draft;
  };

  test('has every column of the table, and no other', () => {
    expect(Object.keys(draftOf({})).sort()).toEqual(EVENT_COLUMNS.map((column) => column.name).sort());
  });

  test('takes its arrival for its time when it has none', () => {
    expect(draftOf({})).toMatchObject({
      time: START_US,
      time_source: 'arrival',
      event_date: Math.floor(START_US / DAY_US),
    });
    expect(draftOf({ time: START_US - DAY_US })).toMatchObject({
      time: START_US - DAY_US,
      time_source: 'event',
      event_date: Math.floor(START_US / DAY_US) - 1,
    });
  });

  test('keeps the record’s key, bytes and place on the log', () => {
    expect(draftOf({ class_uid: 3002, activity_id: 1 })).toMatchObject({
      actor_key: 'person:p1',
      type_uid: 300201,
      raw: Buffer.from('{"class_uid":3002,"activity_id":1}'),
      log_shard: SHARD,
      log_position: '7',
      ingested_at: 5,
      mapper_version: 7,
      app: 'plain',
    });
  });
});
