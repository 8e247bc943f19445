export { type KinesisEndpointOptions, openKinesisEndpoint } from './kinesis.ts';
export type { Endpoint } from './server.ts';
export {
  OPERATIONS as KINESIS_OPERATIONS,
  type OperationShape,
  type Shape,
  type StructureShape,
} from './shapes/index.ts';
export type { Credentials } from './signature.ts';
