import { createHash, randomInt } from 'node:crypto';

/**
 * What tells a topic from an earlier one of the same name. kafkajs does not show Kafka's topic ids, so a new topic
 * is born with two settings that mean nothing where cleanup.policy is `delete` (Kafka documents both as the log
 * compactor's), and that hold what must be known of it: they come with the topic in one step, whoever wins the race
 * to create it, and go with it. Neither is beyond two years, the most that some hosted clusters allow, except the
 * time of creation, which is optional.
 */
export interface TopicIdentity {
  readonly incarnation: string;
  readonly createdUs: number;
  /** How many partitions it was created with; null for a topic that others made. */
  readonly partitions: number | null;
}

const MARK = 'delete.retention.ms';
const CREATED = 'min.compaction.lag.ms';
export const IDENTITY_SETTINGS: readonly string[] = [MARK, CREATED];

/** Kafka's default of the mark: what lies above is ours. */
const MARK_BASE = 86_400_000;
const PARTITIONS_SPAN = 16_384;
const RANDOM_SPAN = 2_097_152;
const LENGTH = 12;

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** Settings for a topic created now (`nowUs`, µs since 1970) with so many partitions (1 to 16,383). */
export function newIdentity(partitions: number, nowUs: number): Setting[] {
  const mark = MARK_BASE + randomInt(1, RANDOM_SPAN) * PARTITIONS_SPAN + partitions;
  return [
    { name: MARK, value: String(mark) },
    { name: CREATED, value: String(Math.floor(nowUs / 1000)) },
  ];
}

/** What the settings of a topic say. A topic of others has always the same incarnation, whenever it was made. */
export function identityOf(topic: string, settings: readonly Setting[]): TopicIdentity {
  const settingOf = (name: string) => Number(settings.find((setting) => setting.name === name)?.value ?? 0);
  const mark = settingOf(MARK);
  const createdMs = settingOf(CREATED);
  const span = mark - MARK_BASE;
  const isOurs = span > PARTITIONS_SPAN && span < RANDOM_SPAN * PARTITIONS_SPAN && createdMs > 0;
  const digest = createHash('sha256')
    .update(isOurs ? `${topic} ${mark} ${createdMs}` : topic)
    .digest();
  return {
    incarnation: digest.readBigUInt64BE().toString(36).padStart(LENGTH, '0').slice(-LENGTH),
    createdUs: isOurs ? createdMs * 1000 : 0,
    partitions: isOurs ? span % PARTITIONS_SPAN : null,
  };
}
