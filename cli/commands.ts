import type { Command } from './command.ts';

interface Entry {
  readonly summary: string;
  /** Loaded when it is run: `--help` must not wait for a database. */
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of `beagle --help`. */
export const COMMANDS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'up',
    {
      summary: 'run everything: events, log, processors, lake, Darwin, page',
      load: async () => (await import('./up.ts')).up,
    },
  ],
  [
    'generate',
    {
      summary: 'write native events of a synthetic company',
      load: async () => (await import('./generate.ts')).generate,
    },
  ],
  [
    'import',
    {
      summary: 'bring native exports of an app into the lake',
      load: async () => (await import('./import.ts')).importCommand,
    },
  ],
  [
    'process',
    {
      summary: 'work a share of the shards, beside other such processes',
      load: async () => (await import('./process.ts')).processCommand,
    },
  ],
  [
    'rebuild',
    { summary: 'process the log anew into another lake', load: async () => (await import('./rebuild.ts')).rebuild },
  ],
  [
    'lake sql',
    { summary: 'query the lake, at any version', load: async () => (await import('./lake-sql.ts')).lakeSql },
  ],
  ['lake tables', { summary: 'list the tables', load: async () => (await import('./lake-tables.ts')).lakeTables }],
  [
    'lake history',
    { summary: 'list the versions of a table', load: async () => (await import('./lake-history.ts')).lakeHistory },
  ],
  [
    'kinesis',
    { summary: 'serve the embedded log as Amazon Kinesis', load: async () => (await import('./kinesis.ts')).kinesis },
  ],
  [
    'log streams',
    { summary: 'list the streams of the log', load: async () => (await import('./log-streams.ts')).logStreams },
  ],
  [
    'log shards',
    { summary: 'list the shards of a stream', load: async () => (await import('./log-shards.ts')).logShards },
  ],
  ['log tail', { summary: 'print records as they come', load: async () => (await import('./log-tail.ts')).logTail }],
  [
    'log lag',
    { summary: 'say how far the lake is behind the log', load: async () => (await import('./log-lag.ts')).logLag },
  ],
  [
    'log export',
    { summary: 'write a stream to a file', load: async () => (await import('./log-export.ts')).logExport },
  ],
  [
    'log import',
    { summary: 'append such a file to a stream', load: async () => (await import('./log-import.ts')).logImport },
  ],
  [
    'log skip',
    { summary: 'pass over a record that ends the worker', load: async () => (await import('./log-skip.ts')).logSkip },
  ],
  [
    'log retain',
    { summary: 'say how much of a stream is kept', load: async () => (await import('./log-retain.ts')).logRetain },
  ],
  [
    'evolve',
    {
      summary: 'let Darwin evolve policies on the lake',
      load: async () => (await import('./evolve.ts')).evolveCommand,
    },
  ],
  ['policy list', { summary: 'list policies', load: async () => (await import('./policy-list.ts')).policyList }],
  [
    'policy show',
    {
      summary: 'explain a policy in words and numbers',
      load: async () => (await import('./policy-show.ts')).policyShow,
    },
  ],
  [
    'policy approve',
    { summary: 'put a policy in force', load: async () => (await import('./policy-approve.ts')).policyApprove },
  ],
  ['bench', { summary: 'measure log, pipeline or replay', load: async () => (await import('./bench.ts')).bench }],
]);

/** The text of `beagle --help`, or of one family of commands. */
export function overview(family?: string): string {
  const shown = [...COMMANDS].filter(([name]) => family === undefined || name.startsWith(`${family} `));
  const rows = shown.map(([name, { summary }]) => `  ${name.padEnd(16)} ${summary}\n`);
  return [
    'Beagle follows identity events through every app, keeps them in an open lake, and evolves access policies on them.\n\n',
    `Usage: beagle ${family === undefined ? 'COMMAND' : `${family} COMMAND`} [options]\n\nCommands:\n`,
    ...rows,
    '\nbeagle COMMAND --help tells its options. Every option can also stand in beagle.config.json or BEAGLE_<OPTION>.\n',
  ].join('');
}
