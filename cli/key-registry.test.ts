import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDataFolder } from './data-folder.ts';
import { openKeyRegistry } from './key-registry.ts';

test('the first key of an account is its key for ever, for whoever opens the folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'beagle-keys-'));
  const folder = await createDataFolder(root);
  const first = openKeyRegistry(folder);
  const second = openKeyRegistry(folder);
  expect(first.keep('okta', 'u1', 'okta:u1')).toBe('okta:u1');
  expect(first.keep('okta', 'u1', 'person:p1')).toBe('okta:u1');
  expect(first.keep('slack', 'u1', 'person:p1')).toBe('person:p1');
  await first.flushed();
  expect(second.keep('okta', 'u1', 'person:p1')).toBe('okta:u1');
  const long = 'ü'.repeat(5000);
  expect(second.keep('aws', long, 'aws:long')).toBe('aws:long');
  await first.close();
  await second.close();
  const later = openKeyRegistry(folder);
  expect(later.keep('aws', long, 'person:p2')).toBe('aws:long');
  await later.close();
  await rm(root, { recursive: true });
});
