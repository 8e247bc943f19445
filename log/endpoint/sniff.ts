import type { Socket } from 'node:net';

export type WireProtocol = 'tls' | 'http2' | 'http1';

const TLS_HANDSHAKE = 0x16;
/** What every HTTP/2 client sends first (RFC 9113, 3.4). Its first line is told from any HTTP/1.1 method by "PRI ". */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** What these first bytes begin; null when more are needed to tell. */
export function protocolOf(first: Buffer): WireProtocol | null {
  if (first.length === 0) return null;
  if (first[0] === TLS_HANDSHAKE) return 'tls';
  const compared = Math.min(first.length, PREFACE.length);
  if (!first.subarray(0, compared).equals(PREFACE.subarray(0, compared))) return 'http1';
  return compared === PREFACE.length ? 'http2' : null;
}

/**
 * Waits for the first bytes of a socket, puts them back and tells what they begin. The socket is destroyed when none
 * come within `timeoutMs`, when it fails or is closed: then nobody is told.
 */
export function sniff(socket: Socket, timeoutMs: number, tell: (protocol: WireProtocol) => void): void {
  const pieces: Buffer[] = [];
  const give = () => socket.destroy();
  const timer = setTimeout(give, timeoutMs);
  const done = () => {
    clearTimeout(timer);
    socket.off('readable', look).off('error', give).off('end', give).off('close', done);
  };
  const look = () => {
    for (let piece = socket.read() as Buffer | null; piece !== null; piece = socket.read() as Buffer | null) {
      pieces.push(piece);
    }
    const first = Buffer.concat(pieces);
    const protocol = protocolOf(first);
    if (protocol === null) return;
    done();
    socket.unshift(first);
    tell(protocol);
  };
  socket.on('readable', look).on('error', give).on('end', give).on('close', done);
}
