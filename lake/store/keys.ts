import { ConfigError } from '../../core/index.ts';

/** Longest key, bytes of UTF-8: S3's limit. */
const KEY_BYTES_MAX = 1024;

/**
 * Throws unless `key` is relative and stays inside the store: no empty, `.` or `..` segment, no leading `/`,
 * no control character, and no name that begins with `.tmp`, which drivers keep for themselves.
 */
export function assertKey(key: string): void {
  const bad =
    key === '' ||
    Buffer.byteLength(key) > KEY_BYTES_MAX ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[\u0000-\u001f\u007f\\]/.test(key) ||
    key.split('/').some((part) => part === '' || part === '.' || part === '..' || part.startsWith('.tmp'));
  if (bad) throw new ConfigError(`[lake/store] bad key ${JSON.stringify(key)}; keys are relative paths of plain names`);
}

/** Ascending order of the keys' UTF-8 bytes, which differs from JavaScript's order beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
