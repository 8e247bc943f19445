import { ConfigError } from '../../../core/index.ts';

/**
 * Kinesis keeps a partition key and bytes. The envelope puts the app and the source in front of them:
 * `B3 A6 1E` and the version 1, the app's length in one byte, the source's in two (little-endian), both in UTF-8,
 * then the data as it is. No text in UTF-8 and no KPL record begins with B3, so that neither is taken for one.
 */
const LEAD = [0xb3, 0xa6, 0x1e, 0x01] as const;
const HEAD_BYTES = LEAD.length + 3;

export interface Enveloped {
  readonly app: string;
  readonly source: string;
  readonly data: Uint8Array;
}

/** Bytes of a record's data on Kinesis: envelope included. */
export function seal({ app, source, data }: Enveloped): Uint8Array {
  const appBytes = Buffer.byteLength(app);
  const sourceBytes = Buffer.byteLength(source);
  if (appBytes > 0xff || sourceBytes > 0xffff)
    throw new ConfigError(`[log/kinesis] the app ${app} or its source is too long; shorten it`);
  const sealed = Buffer.allocUnsafe(HEAD_BYTES + appBytes + sourceBytes + data.byteLength);
  sealed.set(LEAD);
  sealed[4] = appBytes;
  sealed.writeUInt16LE(sourceBytes, 5);
  sealed.write(app, HEAD_BYTES);
  sealed.write(source, HEAD_BYTES + appBytes);
  sealed.set(data, HEAD_BYTES + appBytes + sourceBytes);
  return sealed;
}

/** The inverse of {@link seal}; null for bytes that somebody else put there. The data is a view, not a copy. */
export function unseal(bytes: Uint8Array): Enveloped | null {
  if (bytes.byteLength < HEAD_BYTES || LEAD.some((byte, at) => bytes[at] !== byte)) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const appEnd = HEAD_BYTES + (buffer[4] ?? 0);
  const sourceEnd = appEnd + buffer.readUInt16LE(5);
  if (appEnd === HEAD_BYTES || sourceEnd > buffer.byteLength) return null;
  return {
    app: buffer.toString('utf8', HEAD_BYTES, appEnd),
    source: buffer.toString('utf8', appEnd, sourceEnd),
    data: bytes.subarray(sourceEnd),
  };
}
