import { RECORD_OPERATIONS } from './record-operations.ts';
import { STREAM_OPERATIONS } from './stream-operations.ts';

/**
 * Every operation that the endpoint answers, after botocore 1.44.5: those of streams, shards, records, consumers, tags,
 * policies and the account. The model's others (queues, channels, warm throughput) are unknown operations here.
 */
export const OPERATIONS = { ...STREAM_OPERATIONS, ...RECORD_OPERATIONS };
