import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILED, startChild, untilChild } from '../child.ts';

const ENTRY = process.env.BEAGLE_ENTRY ?? COMPILED;

export interface Endpoint {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** `beagle kinesis --ephemeral` on a free port. */
export async function startEndpoint(): Promise<Endpoint> {
  const folder = mkdtempSync(join(tmpdir(), 'beagle-clients-'));
  const running = startChild(process.execPath, [ENTRY, 'kinesis', '--ephemeral', '--port', '0', '--json']);
  await untilChild('beagle kinesis says where it is', running, () => running.stdout().includes('\n'));
  const { url } = JSON.parse(running.stdout()) as { url: string };
  return {
    url,
    folder,
    async stop() {
      running.child.kill('SIGTERM');
      await running.finished;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
