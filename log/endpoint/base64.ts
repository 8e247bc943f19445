import { KinesisError } from './operation.ts';

/** The bytes that standard base64 with padding stands for; SerializationException with AWS's text for anything else. */
export function readBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes !== null) return bytes;
  if (text.length % 4 !== 0) {
    throw fault(text, `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`);
  }
  const [strange] = /[^a-zA-Z0-9+/=]|=(?=[^=])|=(?===)/.exec(text) ?? [];
  if (strange !== undefined) throw fault(text, `Invalid Base64 character: '${strange}'`);
  throw fault(text, 'Invalid last non-pad Base64 character dectected');
}

/** By the count of padding: the characters whose last bits, two or four, are zero. */
const WHOLE_ENDS = ['', 'AEIMQUYcgkosw048', 'AQgw'] as const;

/** The bytes, or null when the text is not base64 as the standard writes it. */
export function decodeBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const expectedBytes = (text.length / 4) * 3 - padding;
  const bytes = decode(text, expectedBytes);
  // Node skips what is no base64 and takes the alphabet of URLs: a strange character shows in the length or by name.
  if (bytes.length !== expectedBytes || text.includes('-') || text.includes('_')) return null;
  // The last character must not carry bits that stand for nothing.
  if (padding > 0 && !WHOLE_ENDS[padding]?.includes(text.charAt(text.length - padding - 1))) return null;
  return bytes;
}

/** A new slab for each small blob would be most of the work of a request with 500 of them. */
const SLAB_BYTES = 512 * 1024;
let slab = Buffer.alloc(0);
let slabUsed = 0;

/** The bytes, in a piece of a slab that nobody else has; fewer than expected when some of the text is no base64. */
function decode(text: string, expectedBytes: number): Buffer {
  if (expectedBytes > SLAB_BYTES / 8) return Buffer.from(text, 'base64');
  if (slabUsed + expectedBytes > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  const start = slabUsed;
  const written = slab.write(text, start, Math.max(expectedBytes, 0), 'base64');
  slabUsed += written;
  return slab.subarray(start, start + written);
}

function fault(text: string, why: string): KinesisError {
  return new KinesisError('SerializationException', `'${text.slice(0, 1024)}' can not be converted to a Blob: ${why}`);
}
