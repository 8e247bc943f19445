import { randomUUID } from 'node:crypto';
import { describe, test } from 'vitest';
import { describeLog } from '../contract.ts';
import type { Log } from '../log.ts';
import { openKafkaLog } from './kafka.ts';

const BROKERS = process.env.KAFKA_BROKERS?.split(',');

if (BROKERS === undefined) {
  describe('the log on Kafka', () => {
    test.skip('needs a broker: set KAFKA_BROKERS=host:port,…', () => {});
  });
} else {
  const topicPrefix = `test-${randomUUID().slice(0, 8)}.`;
  const options = { brokers: BROKERS, topicPrefix };

  describeLog('Kafka', async () => ({
    open: () => openKafkaLog(options),
    async destroy() {
      const log = await openKafkaLog(options);
      await removeAll(log);
      await log.close();
    },
  }));
}

async function removeAll(log: Log): Promise<void> {
  for (const stream of await log.listStreams()) await log.deleteStream(stream);
}
