// node .ci/sum.mjs FOLDER: sums vitest's JSON results in FOLDER, names what failed and why, and ends with
// `N passed, N failed`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const folder = process.argv[2] ?? '.';
let passed = 0;
let failed = 0;
let skipped = 0;
/** The beginning of a message: enough to see what happened where the whole output is not at hand. */
const why = (message) =>
  String(message ?? '')
    .trim()
    .slice(0, 3000)
    .replaceAll('\n', '\n    ');
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.json')) continue;
  const { testResults } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  for (const { name: file, status, message, assertionResults } of testResults) {
    for (const { status: outcome, fullName, failureMessages } of assertionResults) {
      if (outcome === 'passed') passed += 1;
      else if (outcome === 'failed') {
        failed += 1;
        console.log(`failed (${name}): ${relative('.', file)} > ${fullName}\n    ${why(failureMessages?.[0])}`);
      } else skipped += 1;
    }
    // A file that could not be loaded, or whose hooks failed, has failed without a failed test.
    if (status === 'failed' && !assertionResults.some((one) => one.status === 'failed')) {
      failed += 1;
      console.log(`failed (${name}): ${relative('.', file)}: ${why(message)}`);
    }
  }
}
for (const step of process.argv.slice(3)) {
  failed += 1;
  console.log(`failed: ${step}`);
}
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
