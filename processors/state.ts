import { deserialize, serialize } from 'node:v8';
import { BASELINE_POLICY, type Policy } from '../core/index.ts';
import { createPerson, type Person } from './person.ts';
import { createRecentUids, type RecentUids } from './recent-uids.ts';

/**
 * What one shard's log has led to: a function of the log's prefix on that shard and of nothing else.
 */
export interface ShardState {
  /** Maximum over the records of min(event time, arrival time), µs. */
  clockUs: number;
  readonly people: Map<string, Person>;
  readonly recentUids: RecentUids;
  /** Highest version first; the baseline last. */
  policies: Policy[];
  /** Findings already applied, `<finding_uid> <evidence hash> <actor or row>` → shard clock then. */
  readonly findings: Map<string, number>;
}

/** So many findings are remembered for idempotence: the oldest go first. */
export const FINDINGS_MAX = 100_000;

export function createShardState(): ShardState {
  return {
    clockUs: 0,
    people: new Map(),
    recentUids: createRecentUids(),
    policies: [BASELINE_POLICY],
    findings: new Map(),
  };
}

export function personOf(state: ShardState, key: string): Person {
  let person = state.people.get(key);
  if (person === undefined) {
    person = createPerson();
    state.people.set(key, person);
  }
  return person;
}

/** Everything but the recent uids, which are stored apart: their past hours never change. */
export function encodeState(state: ShardState): Uint8Array {
  return serialize({
    format: 1,
    clockUs: state.clockUs,
    people: state.people,
    policies: state.policies,
    findings: state.findings,
  });
}

/** The inverse of {@link encodeState}; throws when the bytes are of another format. */
export function decodeState(bytes: Uint8Array): ShardState {
  const decoded = deserialize(bytes) as { format: number } & ShardState;
  if (decoded.format !== 1) {
    throw new Error(
      `[processors/state] a snapshot has format ${decoded.format}, known is 1; use the version that wrote it`,
    );
  }
  const { clockUs, people, policies, findings } = decoded;
  return { clockUs, people, policies, findings, recentUids: createRecentUids() };
}
