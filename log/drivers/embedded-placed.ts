import { ConflictError } from '../../core/index.ts';
import { checkRecords } from '../limits.ts';
import type { Appended } from '../log.ts';
import type { Catalog } from './embedded/catalog.ts';
import type { Writer } from './embedded/writer.ts';
import type { PlacedRecord } from './embedded-log.ts';
import { hashKey } from './embedded-streams.ts';

/** A shard may be split between placing a record and writing it; nobody reshards this often in that time. */
const ATTEMPTS_MAX = 20;

export interface PlacedOptions {
  readonly catalog: Catalog;
  readonly writer: Writer;
  /** Lets the next look see the newest commit, whoever made it. */
  readonly fresh: () => void;
}

/** Appends records of which some have a hash key of their own: shard by shard, in order within each. */
export async function appendPlaced(
  { catalog, writer, fresh }: PlacedOptions,
  stream: string,
  records: readonly PlacedRecord[],
): Promise<Appended[]> {
  checkRecords(records, 'embedded');
  fresh();
  const answers = new Array<Appended>(records.length);
  let left = records.map((_, i) => i);
  for (let attempt = 1; left.length > 0; attempt++) {
    const groups = placed(catalog, stream, records, left);
    const refused: number[] = [];
    await Promise.all(
      [...groups].map(async ([shardId, indexes]) => {
        try {
          const appended = await writer.append(
            stream,
            shardId,
            indexes.map((i) => records[i] as PlacedRecord),
          );
          indexes.forEach((i, n) => {
            answers[i] = appended[n] as Appended;
          });
        } catch (error) {
          if (!(error instanceof ConflictError) || attempt === ATTEMPTS_MAX) throw error;
          refused.push(...indexes);
        }
      }),
    );
    left = refused.sort((a, b) => a - b);
  }
  return answers;
}

/** The records at `indexes` by the shard that each belongs to now. */
function placed(
  catalog: Catalog,
  stream: string,
  records: readonly PlacedRecord[],
  indexes: readonly number[],
): Map<string, number[]> {
  const { shards, placement, placementOfHashKey } = catalog.stream(stream);
  const groups = new Map<string, number[]>();
  for (const i of indexes) {
    const { key, explicitHashKey } = records[i] as PlacedRecord;
    const at = explicitHashKey === undefined ? placement(key) : placementOfHashKey(hashKey(explicitHashKey));
    const shardId = shards[at]?.shardId ?? '';
    const group = groups.get(shardId);
    if (group === undefined) groups.set(shardId, [i]);
    else group.push(i);
  }
  return groups;
}
