import { ConfigError } from '../../../core/index.ts';

/**
 * Kinesis keeps a partition key and bytes. The envelope puts the app and the source in front of them:
 * `B3 A6 1E` and a version, the lengths of app, source and key in two bytes each (little-endian), these in UTF-8, then
 * the data as it is. The key is there only when it is no partition key. No text in UTF-8 and no KPL record begins with
 * B3, so that neither is taken for an envelope.
 */
const LEAD = [0xb3, 0xa6, 0x1e, 0x01] as const;
const HEAD_BYTES = LEAD.length + 6;
const TEXT_BYTES_MAX = 0xffff;

export interface Enveloped {
  readonly app: string;
  readonly source: string;
  /** Null when the partition key is the key. */
  readonly key: string | null;
  readonly data: Uint8Array;
}

/** Bytes of a record's data on Kinesis: envelope included. */
export function seal({ app, source, key, data }: Enveloped): Uint8Array {
  const texts = [app, source, key ?? ''];
  const lengths = texts.map((text) => Buffer.byteLength(text));
  if (lengths.some((length) => length > TEXT_BYTES_MAX))
    throw new ConfigError(`[log/kinesis] an app, a source or a key has more than ${TEXT_BYTES_MAX} bytes; shorten it`);
  const headBytes = lengths.reduce((sum, length) => sum + length, HEAD_BYTES);
  const sealed = Buffer.allocUnsafe(headBytes + data.byteLength);
  sealed.set(LEAD);
  let at = HEAD_BYTES;
  for (let i = 0; i < texts.length; i++) {
    sealed.writeUInt16LE(lengths[i] ?? 0, LEAD.length + 2 * i);
    at += sealed.write(texts[i] ?? '', at);
  }
  sealed.set(data, headBytes);
  return sealed;
}

/** The inverse of {@link seal}; null for bytes that somebody else put there. The data is a view, not a copy. */
export function unseal(bytes: Uint8Array): Enveloped | null {
  if (bytes.byteLength < HEAD_BYTES || LEAD.some((byte, at) => bytes[at] !== byte)) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const appEnd = HEAD_BYTES + buffer.readUInt16LE(LEAD.length);
  const sourceEnd = appEnd + buffer.readUInt16LE(LEAD.length + 2);
  const keyEnd = sourceEnd + buffer.readUInt16LE(LEAD.length + 4);
  if (appEnd === HEAD_BYTES || keyEnd > buffer.byteLength) return null;
  return {
    app: buffer.toString('utf8', HEAD_BYTES, appEnd),
    source: buffer.toString('utf8', appEnd, sourceEnd),
    key: keyEnd === sourceEnd ? null : buffer.toString('utf8', sourceEnd, keyEnd),
    data: bytes.subarray(keyEnd),
  };
}
