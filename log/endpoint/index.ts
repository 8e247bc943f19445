export { type KinesisEndpointOptions, openKinesisEndpoint } from './kinesis.ts';
export type { Endpoint } from './server.ts';
