import { readAuthorization } from './authorization.ts';
import { KinesisError } from './operation.ts';
import type { WireRequest } from './request.ts';

interface UndecidedReply {
  readonly status: number;
  readonly body: Buffer;
  readonly frames: null;
  readonly operation: string;
  readonly fault: string;
  readonly recordsIn: number;
  readonly recordsOut: number;
}

/**
 * The answer to what is no call in any protocol: another method than POST, a body of another type. AWS answers in XML,
 * the signature's form first.
 */
export function undecided(request: WireRequest): UndecidedReply {
  let fault = new KinesisError(
    'AccessDeniedException',
    'Unable to determine service/operation name to be authorized',
    403,
  );
  try {
    readAuthorization(request);
  } catch (error) {
    if (error instanceof KinesisError) fault = error;
  }
  const text = `<${fault.type}>\n  <Message>${escapeXml(fault.message)}</Message>\n</${fault.type}>\n`;
  const none = { frames: null, operation: 'unknown', recordsIn: 0, recordsOut: 0 };
  return { ...none, status: 403, body: Buffer.from(text), fault: fault.type };
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
