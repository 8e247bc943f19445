import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, read } from './tree.ts';

test('the scan that runs is what its source says: run `node bin/build-scan.mjs` after a change', () => {
  const compiled = execFileSync(process.execPath, [join(ROOT, 'bin/build-scan.mjs'), '--print'], { encoding: 'utf8' });
  expect(read('core/json-scan/module.ts')).toBe(compiled);
});
