// Compiles core/json-scan/assembly (AssemblyScript) to core/json-scan/module.ts: `node bin/build-scan.mjs` after a change;
// with --print it says what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OUTPUT = 'core/json-scan/module.ts';

/** The text of module.ts. Memory is laid out by the caller, so there is no runtime, and nothing is imported. */
async function compileScan() {
  const files = new Map();
  const words = ['core/json-scan/assembly/index.ts', '-O3', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];
  const { error, stderr } = await asc.main([...words, '--noAssert', '--outFile', 'scan.wasm'], {
    readFile: (name, folder) => {
      try {
        return readFileSync(join(root, folder, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, content) => files.set(name, content),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  const lines = Buffer.from(files.get('scan.wasm'))
    .toString('base64')
    .match(/.{1,112}/g);
  return `/** WebAssembly, compiled from assembly/ by bin/build-scan.mjs, in base64. */
export const MODULE = \`
${lines.join('\n')}
\`;
`;
}

const compiled = await compileScan();
if (process.argv[2] === '--print') process.stdout.write(compiled);
else writeFileSync(join(root, OUTPUT), compiled);
