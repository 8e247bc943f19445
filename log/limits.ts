import { ConfigError } from '../core/index.ts';
import { type AppendRecord, RECORD_BYTES_MAX } from './log.ts';

/** Most shards of a stream that a driver creates. */
const SHARDS_MAX = 10_000;
const APP_CHARACTERS_MAX = 64;
const SOURCE_BYTES_MAX = 256;
const KEY_CHARACTERS_MAX = 256;
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/** Throws ConfigError when a name is none that Kinesis allows: 1 to 128 of a–z, A–Z, 0–9, `_`, `.`, `-`. */
export function checkStreamName(stream: string, driver: string): void {
  if (STREAM_NAME.test(stream)) return;
  throw new ConfigError(
    `[log/${driver}] ${JSON.stringify(stream)} is no stream name; use 1 to 128 letters, digits, '_', '.' or '-'`,
  );
}

/** Throws ConfigError unless `shards` is an integer from 1 to SHARDS_MAX. */
export function checkShardCount(shards: number, driver: string): void {
  if (Number.isInteger(shards) && shards >= 1 && shards <= SHARDS_MAX) return;
  throw new ConfigError(`[log/${driver}] a stream cannot have ${shards} shards; use 1 to ${SHARDS_MAX}`);
}

/** Throws ConfigError for the first record that breaks a limit of the port; does nothing else. */
export function checkRecords(records: readonly AppendRecord[], driver: string): void {
  for (let i = 0; i < records.length; i++) {
    const fault = faultOf(records[i] as AppendRecord);
    if (fault !== null) throw new ConfigError(`[log/${driver}] record ${i} ${fault}; nothing was appended`);
  }
}

function faultOf({ app, source, key, data }: AppendRecord): string | null {
  if (app.length === 0 || app.length > APP_CHARACTERS_MAX)
    return `has an app that is not 1 to ${APP_CHARACTERS_MAX} characters long`;
  // A character takes at most 3 bytes per UTF-16 unit: most sources need no exact count.
  if (source.length * 3 > SOURCE_BYTES_MAX && Buffer.byteLength(source) > SOURCE_BYTES_MAX) {
    return `has a source longer than ${SOURCE_BYTES_MAX} bytes`;
  }
  if (key.length === 0) return 'has an empty key';
  if (key.length > KEY_CHARACTERS_MAX && [...key].length > KEY_CHARACTERS_MAX) {
    return `has a key longer than ${KEY_CHARACTERS_MAX} characters`;
  }
  if (data.byteLength > RECORD_BYTES_MAX) return `has ${data.byteLength} bytes of data, more than ${RECORD_BYTES_MAX}`;
  return null;
}
