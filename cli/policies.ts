import { BASELINE_POLICY, ConfigError, ConflictError, type Policy, policySchema, type Row } from '../core/index.ts';
import type { Query } from '../lake/index.ts';
import type { AppendRecord, Log, StreamDescription } from '../log/index.ts';
import { policyIdOf } from '../optimizer/index.ts';
import { CONTROL_APP, type Control, SCORED_STREAM } from '../processors/index.ts';

/** A policy as the lake knows it. */
export interface StoredPolicy {
  readonly policyId: string;
  readonly version: number | null;
  readonly status: string;
  readonly policy: Policy;
  readonly row: Row;
}

const SELECT = `SELECT * FROM policies`;

/** Approved policies, the highest version first. The built-in baseline, version 0, comes last. */
export async function approvedPolicies(query: Query): Promise<StoredPolicy[]> {
  const { rows } = await query.sql(`${SELECT} WHERE version IS NOT NULL ORDER BY version DESC`);
  return [...rows.map((row) => storedPolicy(row as Row)), baseline()];
}

export function baseline(): StoredPolicy {
  return { policyId: policyIdOf(BASELINE_POLICY), version: 0, status: 'baseline', policy: BASELINE_POLICY, row: {} };
}

/** The policy of an id or of its first digits (at least four), or of a version (`v3`); its latest row. */
export async function findPolicy(query: Query, id: string): Promise<StoredPolicy | null> {
  if (id === 'v0' || policyIdOf(BASELINE_POLICY) === id) return baseline();
  const [, version] = /^v(\d+)$/.exec(id) ?? [];
  if (version === undefined && !/^[0-9a-f]{4,64}$/.test(id)) {
    throw new ConfigError(`[policy] ${id} is no policy id; take one from beagle policy list`);
  }
  const { rows } =
    version === undefined
      ? await query.sql(`${SELECT} WHERE starts_with(policy_id, $1) ORDER BY created_at DESC`, { params: [id] })
      : await query.sql(`${SELECT} WHERE version = $1 ORDER BY created_at DESC`, { params: [Number(version)] });
  const ids = new Set(rows.map((row) => row.policy_id));
  if (ids.size > 1) throw new ConfigError(`[policy] ${id} begins ${ids.size} policies; give more digits`);
  return rows[0] === undefined ? null : storedPolicy(rows[0] as Row);
}

function storedPolicy(row: Row): StoredPolicy {
  return {
    policyId: String(row.policy_id),
    version: row.version === null ? null : Number(row.version),
    status: String(row.status),
    policy: policySchema.parse(JSON.parse(String(row.policy))),
    row,
  };
}

/** Tells every open shard of a stream of a policy: appended to each, once more does no harm. */
export async function announcePolicies(log: Log, stream: string, policies: readonly Policy[]): Promise<void> {
  const records = [...policies]
    .sort((a, b) => a.version - b.version)
    .filter((policy) => policy.version > 0)
    .map(controlRecord);
  if (records.length === 0) return;
  const told = new Set<string>();
  while (await tellOpenShards(log, stream, records, told));
}

/** True when a shard was closed on the way, by a split or merge: whoever took it over is to be told as well. */
async function tellOpenShards(
  log: Log,
  stream: string,
  records: readonly AppendRecord[],
  told: Set<string>,
): Promise<boolean> {
  for (const { shardId } of openShards(await log.describeStream(stream))) {
    if (told.has(shardId)) continue;
    try {
      await log.appendToShard(stream, shardId, records);
    } catch (error) {
      if (error instanceof ConflictError) return true;
      throw error;
    }
    told.add(shardId);
  }
  return false;
}

/** The shards that take records: those that were not split or merged. */
export const openShards = ({ shards }: StreamDescription) => shards.filter(({ closed }) => !closed);

/** Every stream that holds events. */
export async function eventStreams(log: Log): Promise<string[]> {
  return (await log.listStreams()).filter((stream) => stream !== SCORED_STREAM);
}

function controlRecord(policy: Policy): AppendRecord {
  const control: Control = { kind: 'policy', policy };
  return {
    app: CONTROL_APP,
    source: `policy:${policy.version}`,
    key: 'policy',
    data: Buffer.from(JSON.stringify(control)),
  };
}
