import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../core/index.ts';
import {
  createCompany,
  createPartitionKeys,
  createWorldStream,
  GENERATORS,
  type KeyRegistry,
  SOURCES,
} from '../../ingest/index.ts';
import type { AppendRecord, Log } from '../../log/index.ts';
import { mutate } from '../flow/mutate.ts';

/** What the log acknowledged: the event, and the place that it has for good. */
export interface Acknowledged {
  readonly eventUid: string;
  readonly shardId: string;
  readonly position: string;
}

export interface Producer {
  /** All that was acknowledged so far, in order. */
  readonly acknowledged: readonly Acknowledged[];
  /** Resolves when the append in hand is answered; rejects when the log refused one. */
  stop(): Promise<void>;
}

const APPEND_MAX = 12;
const PAUSE_MS = 40;

/**
 * Another process's part: appends native events of all apps to a stream, some of them damaged and some delivered
 * before, and keeps what the log acknowledged.
 */
export function startProducer(log: Log, stream: string, random: Random): Producer {
  const startUs = Date.now() * 1000;
  const company = createCompany({ people: 120, seed: 77, startUs });
  const world = createWorldStream({ company, generators: GENERATORS, seed: random.int(2 ** 31), startUs });
  const keyOf = createPartitionKeys({ sources: SOURCES, personOf: () => null, registry: inMemory() });
  const acknowledged: Acknowledged[] = [];
  const sent: { app: string; data: Uint8Array }[] = [];
  let isStopped = false;

  const draw = (): { app: string; data: Uint8Array } => {
    const kind = random.next();
    if (kind < 0.1 && sent.length > 0) return random.pick(sent);
    const { app, data } = world.next().value;
    const fresh = kind < 0.2 ? { app, data: mutate(Buffer.from(data).toString('utf8'), random) } : { app, data };
    sent.push(fresh);
    return fresh;
  };
  const produce = async () => {
    while (!isStopped) {
      const batch = Array.from({ length: 1 + random.int(APPEND_MAX) }, draw);
      const keyed = batch.map(({ app, data }) => ({ app, data, ...keyOf(app, data) }));
      const records = keyed.map(({ app, data, key }): AppendRecord => ({ app, source: 'producer', key, data }));
      const answers = await log.append(stream, records);
      for (const [i, { shardId, position }] of answers.entries())
        acknowledged.push({ eventUid: keyed[i]?.eventUid ?? '', shardId, position });
      await pause(random.int(PAUSE_MS));
    }
  };
  const producing = produce();
  producing.catch(() => {});
  return {
    acknowledged,
    async stop() {
      isStopped = true;
      await producing;
    },
  };
}

function inMemory(): KeyRegistry {
  const keys = new Map<string, string>();
  return {
    keep(app, actorUid, key) {
      const id = `${app}\n${actorUid}`;
      const held = keys.get(id) ?? key;
      keys.set(id, held);
      return held;
    },
    flushed: async () => {},
  };
}
