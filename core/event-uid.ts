import { hash } from 'node:crypto';

/**
 * An event's uid: the first 128 bits of SHA-256 over app, native id (if any) and content, in hexadecimal.
 * `content` is the canonical JSON where there is one, else the raw bytes. Vendors reuse ids for different
 * events, so an id alone would lose some; and 128 bits keep two events from being forged alike (2^64 work).
 */
export function eventUid(app: string, nativeId: string | null, content: string | Uint8Array): string {
  const head = `${app}\n${nativeId ?? ''}\n`;
  const input = typeof content === 'string' ? head + content : Buffer.concat([Buffer.from(head), content]);
  return hash('sha256', input, 'hex').slice(0, 32);
}
