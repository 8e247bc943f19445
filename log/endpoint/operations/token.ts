import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EmbeddedLog } from '../../drivers/embedded-log.ts';

const DOCUMENT = 'tokens';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals what a client is to give back as it is: iterators and page tokens. Any process of the log can open them. */
export interface Sealer {
  seal(value: unknown): Promise<string>;
  /** Null when it was not sealed here, or changed since. */
  open(token: string): Promise<unknown>;
}

/** AES-256-GCM with a key that is made once and kept in the log. */
export function createSealer(log: EmbeddedLog): Sealer {
  let known: Promise<Buffer> | null = null;
  const key = (): Promise<Buffer> => {
    known ??= keyOf(log).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
  return {
    async seal(value) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', await key(), nonce);
      const body = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    async open(token) {
      const bytes = Buffer.from(token, 'base64');
      if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64') !== token) return null;
      const decipher = createDecipheriv('aes-256-gcm', await key(), bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const body = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
        return JSON.parse(body.toString()) as unknown;
      } catch {
        return null;
      }
    },
  };
}

async function keyOf(log: EmbeddedLog): Promise<Buffer> {
  const stored = log.document(DOCUMENT) ?? (await makeKey(log));
  return Buffer.from((stored as { readonly key: string }).key, 'base64');
}

function makeKey(log: EmbeddedLog): Promise<unknown> {
  const made = { key: randomBytes(KEY_BYTES).toString('base64') };
  return log.change((streams) => {
    const known = streams.document(DOCUMENT);
    if (known !== null) return known;
    streams.setLogDocument(DOCUMENT, made);
    return made;
  });
}
