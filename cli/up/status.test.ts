import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { Health } from '../../dashboard/index.ts';
import { type StatusView, showStatus, statusLines } from './status.ts';

const HEALTH: Health = {
  now: 60_000_000,
  startedAt: 0,
  driver: 'embedded',
  eventsPerSecond: 166.6,
  byApp: {},
  lagMs: 83.6,
  shards: 1,
  backlog: 0,
  commit: { version: 12, at: 57_000_000 },
  files: 3,
  totals: { events: 12_345, quarantined: 0, redelivered: 0, findings: 2 },
  generation: null,
};
const view = (health: Partial<Health> = {}, bestPolicy: string | null = null): StatusView => ({
  url: 'http://127.0.0.1:3000/',
  health: { ...HEALTH, ...health },
  bestPolicy,
});

afterEach(() => {
  vi.useRealTimers();
});

test('the status says where the page is, how fast, how late, and what is in the lake', () => {
  const text = statusLines(view()).join('\n');
  expect(text).toContain('page      http://127.0.0.1:3000/');
  expect(text).toContain('events    167/s · 12,345 in the lake\n');
  expect(text).toContain('lag       84 ms');
  expect(text).toContain('commit    version 12, 3 s ago');
  expect(text).toContain('findings  2');
  expect(text).toContain('policy    Darwin waits for history');
  expect(text).toContain('Ctrl-C');
});

test('quarantine, redeliveries and the best policy are shown once there are any', () => {
  const totals = { events: 1, quarantined: 4, redelivered: 0, findings: 0 };
  const text = statusLines(view({ totals, commit: { version: null, at: null } }, 'a1b2 · 4 %')).join('\n');
  expect(text).toContain('1 in the lake · 4 quarantined · 0 redelivered');
  expect(text).toContain('commit    none yet');
  expect(text).toContain('policy    a1b2 · 4 %');
});

test('a pipe is told the address once', () => {
  const output = new PassThrough();
  showStatus(output, () => view()).stop();
  expect(String(output.read())).toBe('beagle: the page is at http://127.0.0.1:3000/\n');
});

test('a terminal is redrawn in place once a second, and a last time at the end', () => {
  vi.useFakeTimers();
  const output = Object.assign(new PassThrough(), { isTTY: true });
  let findings = 0;
  const status = showStatus(output, () => view({ totals: { ...HEALTH.totals, findings } }));
  const height = statusLines(view()).length;
  expect(String(output.read())).toMatch(/^\n/);
  findings = 8;
  vi.advanceTimersByTime(1000);
  const second = String(output.read());
  expect(second.startsWith(`\x1b[${height}A`)).toBe(true);
  expect(second).toContain('findings  8');
  status.stop();
  expect(String(output.read())).toContain('findings  8');
  vi.advanceTimersByTime(5000);
  expect(output.read()).toBe(null);
});
