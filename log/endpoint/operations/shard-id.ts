import { shardIdOf } from '../../drivers/embedded/catalog-stored.ts';

const NUMBER_MAX = 2_147_483_647;

/**
 * The shard that a text names as the service reads it: `shardId-000000000007`, `shard-7` and `7` are one. Null for
 * what can be no shard's id.
 */
export function readShardId(text: string): string | null {
  const digits = /^(?:[^-]*-)?(\d+)$/.exec(text)?.[1];
  const number = Number(digits);
  return digits === undefined || number > NUMBER_MAX ? null : shardIdOf(number);
}
