import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Reply } from './exchange.ts';

export interface EndpointMetrics {
  /** Counts one finished exchange. */
  count(reply: Reply, seconds: number, bytesIn: number): void;
  /** Bytes of a subscription's frames. */
  countFrame(bytes: number): void;
  /** How many subscriptions are open at the moment, one more or one fewer. */
  subscribed(change: 1 | -1): void;
  /** Prometheus's text. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** The endpoint's own registry: several endpoints of one process do not mix. */
export function createMetrics(): EndpointMetrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const requests = new Counter({
    name: 'beagle_kinesis_requests_total',
    help: 'Requests answered.',
    labelNames: ['operation', 'status', 'error'],
    registers,
  });
  const seconds = new Histogram({
    name: 'beagle_kinesis_request_duration_seconds',
    help: 'From the first byte of the body to the answer.',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const bytes = new Counter({
    name: 'beagle_kinesis_bytes_total',
    help: 'Bytes of bodies, as they were on the wire.',
    labelNames: ['direction'],
    registers,
  });
  const records = new Counter({
    name: 'beagle_kinesis_records_total',
    help: 'Records taken (in) and given by GetRecords (out).',
    labelNames: ['direction'],
    registers,
  });
  const subscriptions = new Gauge({
    name: 'beagle_kinesis_subscriptions',
    help: 'Subscriptions to shards that are open.',
    registers,
  });
  return {
    count(reply, duration, bytesIn) {
      requests.inc({ operation: reply.operation, status: reply.status, error: reply.fault });
      seconds.observe({ operation: reply.operation }, duration);
      bytes.inc({ direction: 'in' }, bytesIn);
      bytes.inc({ direction: 'out' }, reply.body.length);
      if (reply.recordsIn > 0) records.inc({ direction: 'in' }, reply.recordsIn);
      if (reply.recordsOut > 0) records.inc({ direction: 'out' }, reply.recordsOut);
    },
    countFrame: (length) => bytes.inc({ direction: 'out' }, length),
    subscribed: (change) => subscriptions.inc(change),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
