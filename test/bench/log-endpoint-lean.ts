import { Agent, request } from 'node:http';
import { benchRecords, takeFrom } from './log-records.ts';

const TYPE = 'application/x-amz-json-1.1';

/** A client that costs next to nothing beside a server: bodies are made beforehand, answers are read, not modelled. */
export interface LeanClient {
  /** PutRecords bodies of `size` records each. */
  putBodies(stream: string, count: number, size: number): Buffer[];
  send(operation: string, body: Buffer): Promise<Buffer>;
  close(): void;
}

export function createLeanClient(url: string): LeanClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  // Neither server has credentials to check: a well-formed signature passes.
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const authorization = `AWS4-HMAC-SHA256 Credential=bench/${date.slice(0, 8)}/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`;
  return {
    putBodies(stream, count, size) {
      const take = takeFrom(benchRecords());
      return Array.from({ length: count }, () => {
        const Records = take(size).map(({ key, data }) => ({
          PartitionKey: key,
          Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
        }));
        return Buffer.from(JSON.stringify({ StreamName: stream, Records }));
      });
    },
    send(operation, body) {
      const headers = {
        'content-type': TYPE,
        'content-length': body.length,
        'x-amz-target': `Kinesis_20131202.${operation}`,
        'x-amz-date': date,
        authorization,
      };
      return new Promise((resolve, reject) => {
        const sent = request(url, { method: 'POST', agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks);
            if (response.statusCode === 200) resolve(answer);
            else
              reject(new Error(`[bench] ${operation} ended with ${response.statusCode}: ${answer.subarray(0, 300)}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
