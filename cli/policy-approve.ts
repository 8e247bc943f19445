import { userInfo } from 'node:os';
import { ConfigError, ConflictError, type Policy, type Row } from '../core/index.ts';
import { createLocalStore, type Store } from '../lake/index.ts';
import { policiesOf, policyIdOf } from '../optimizer/index.ts';
import { defineCommand } from './command.ts';
import { loadRun } from './darwin-store.ts';
import { existingDataFolder } from './data-folder.ts';
import { type Lake, openLake, tableOf } from './lake-access.ts';
import { LOG_OPTIONS, openConfiguredLog } from './log-config.ts';
import { announcePolicies, approvedPolicies, eventStreams, findPolicy, type StoredPolicy } from './policies.ts';
import { appendRowsAt } from './rows.ts';

export const policyApprove = defineCommand({
  name: 'policy approve',
  summary:
    'Puts a policy in force: recorded in the lake first, then told to every shard of the log. A running beagle up takes it at once.',
  args: ['ID'],
  options: ['data', 'effective', 'by', 'comment', 'json', ...LOG_OPTIONS],
  examples: ['beagle policy approve 3fa9c1d2 --comment "fewer prompts for sales"'],
  async run(config, [id = ''], { stdout, logger, clock, env }) {
    const folder = await existingDataFolder(config.data);
    const lake = await openLake(folder.lake, logger.warn);
    const { log } = await openConfiguredLog(config, folder, env);
    try {
      const found = (await findPolicy(lake.query, id)) ?? (await inPopulation(createLocalStore(folder.state), id));
      if (found === null) throw new ConfigError(`[policy approve] there is no policy ${id}; see beagle policy list`);
      const approval = {
        atUs: clock(),
        effectiveUs: config.effective ?? clock(),
        by: config.by ?? userInfo().username,
        comment: config.comment ?? null,
      };
      const policy = await record(lake, found, approval);
      for (const stream of await eventStreams(log)) await announcePolicies(log, stream, [policy]);
      const { version, effectiveFrom } = policy;
      if (config.json) stdout.write(`${JSON.stringify({ policyId: found.policyId, version, effectiveFrom })}\n`);
      else
        stdout.write(
          `policy ${found.policyId} is version ${version}, in force from ${new Date(effectiveFrom / 1000).toISOString()}\n`,
        );
    } finally {
      await lake.query.close();
      await log.close();
    }
  },
});

interface Approval {
  readonly atUs: number;
  readonly effectiveUs: number;
  readonly by: string;
  readonly comment: string | null;
}

/** Commits the approval with the next version: two approvals at a time get two versions. */
async function record(lake: Lake, found: StoredPolicy, approval: Approval): Promise<Policy> {
  for (;;) {
    try {
      return await recordOnce(lake, found, approval);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

async function recordOnce(lake: Lake, found: StoredPolicy, approval: Approval): Promise<Policy> {
  const table = tableOf(lake, 'policies');
  const { version: readAt } = await table.snapshot();
  const [newest] = await approvedPolicies(lake.query);
  const parent = newest?.version ?? 0;
  const policy: Policy = { ...found.policy, version: parent + 1, parent, effectiveFrom: approval.effectiveUs };
  const row: Row = {
    ...EMPTY,
    ...carried(found.row),
    policy_id: found.policyId,
    version: policy.version,
    parent,
    status: 'approved',
    effective_from: approval.effectiveUs,
    created_at: approval.atUs,
    policy: JSON.stringify(policy),
    approved_by: approval.by,
    comment: approval.comment,
  };
  await appendRowsAt(lake.store, table, [row], readAt, 'APPROVE');
  return policy;
}

const EMPTY = {
  run: null,
  generation: null,
  seed: null,
  lake_version: null,
  security: null,
  productivity: null,
  compliance: null,
  is_knee: false,
};

/** What the policy's evolution recorded of it. */
function carried(row: Row): Partial<Row> {
  return Object.fromEntries(
    Object.keys(EMPTY)
      .filter((name) => row[name] !== undefined)
      .map((name) => [name, row[name]]),
  ) as Partial<Row>;
}

/** A policy that the running Darwin has on its front and has not saved yet. */
async function inPopulation(state: Store, id: string): Promise<StoredPolicy | null> {
  const run = await loadRun(state, 'up');
  const policy =
    run === null ? undefined : policiesOf(run.state).find((candidate) => policyIdOf(candidate).startsWith(id));
  return policy === undefined
    ? null
    : { policyId: policyIdOf(policy), version: null, status: 'candidate', policy, row: {} };
}
