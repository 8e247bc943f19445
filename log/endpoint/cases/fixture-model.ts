import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A shape of the service model as botocore has it. */
export interface ModelShape {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly eventstream?: boolean;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
}

export interface Model {
  readonly version: string;
  readonly operations: Readonly<
    Record<string, { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string } }>
  >;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

const PRINT = `
import botocore, json
from botocore.loaders import Loader
model = Loader().load_service_model('kinesis', 'service-2', '2013-12-02')
print(json.dumps({'version': botocore.__version__, 'operations': model['operations'], 'shapes': model['shapes']}))
`;

/** The model of the first botocore of this version; null when no Python here has it. */
export function installedModel(version: string): Model | null {
  for (const python of pythons()) {
    const { status, stdout } = spawnSync(python, ['-c', PRINT], {
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) continue;
    const model = JSON.parse(stdout) as Model;
    if (model.version === version) return model;
  }
  return null;
}

/** BOTO3_PYTHON, that of a moto installed for tests, and python3. */
function pythons(): readonly string[] {
  const { BOTO3_PYTHON, BEAGLE_SERVICES_DIR, XDG_CACHE_HOME } = process.env;
  const services = join(BEAGLE_SERVICES_DIR ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'beagle'), 'aws');
  const environments = existsSync(services) ? readdirSync(services).filter((name) => name.startsWith('venv-')) : [];
  const moto = environments.map((name) => join(services, name, 'bin', 'python'));
  return [...(BOTO3_PYTHON === undefined ? [] : [BOTO3_PYTHON]), ...moto, 'python3'];
}
