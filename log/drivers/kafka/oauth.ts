import { readFile } from 'node:fs/promises';
import type { Mechanism } from 'kafkajs';
import type { KafkaSasl } from './options.ts';

const SEPARATOR = '\u0001';
const SIZE_BYTES = 4;

/**
 * SASL/OAUTHBEARER (RFC 7628). A broker refuses a token in two ways: by Kafka's error, or by what the RFC says, an
 * answer of JSON instead of an empty one. kafkajs's own takes the second for success, and the broker then hangs up.
 * A token in a file is read at each login, and may be another by the next one: its refusal is tried again.
 */
export function oauthBearer(sasl: Extract<KafkaSasl, { readonly mechanism: 'oauthbearer' }>): Mechanism {
  const tokenOf = async () => ('token' in sasl ? sasl.token : await readFile(sasl.tokenFile, 'utf8')).trim();
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const message = Buffer.from(`n,,${SEPARATOR}auth=Bearer ${await tokenOf()}${SEPARATOR}${SEPARATOR}`);
        const answer = await saslAuthenticate({
          request: { encode: () => sized(message) },
          response: { decode: (bytes) => bytes.subarray(SIZE_BYTES), parse: (bytes) => bytes.toString('utf8') },
        });
        if (answer === undefined || answer === '') return;
        if ('tokenFile' in sasl) throw new Error(`the broker refused the token in ${sasl.tokenFile}: ${answer}`);
        const refused = new Error(`the broker refused the token: ${answer}`);
        throw Object.assign(refused, { type: 'SASL_AUTHENTICATION_FAILED' });
      },
    }),
  };
}

/** As kafkajs hands it on: behind its length. */
function sized(bytes: Buffer): Buffer {
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
