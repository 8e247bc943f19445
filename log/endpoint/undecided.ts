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
  try {
    readAuthorization(request);
  } catch (error) {
    if (error instanceof KinesisError) return reply(error.type, 403, error.message);
  }
  const named = /^[^.]+\.[^.]+$/.test(request.headers['x-amz-target'] ?? '');
  if (request.method === 'POST' && named) return reply('UnknownOperationException', 404, '');
  return reply('AccessDeniedException', 403, 'Unable to determine service/operation name to be authorized');
}

function reply(fault: string, status: number, message: string): UndecidedReply {
  const text =
    message === '' ? `<${fault}/>\n` : `<${fault}>\n  <Message>${escapeXml(message)}</Message>\n</${fault}>\n`;
  const none = { frames: null, operation: 'unknown', recordsIn: 0, recordsOut: 0 };
  return { ...none, status, body: Buffer.from(text), fault };
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
