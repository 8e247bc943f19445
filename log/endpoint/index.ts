export type { Operations } from './exchange.ts';
export { type Endpoint, type EndpointOptions, openEndpoint } from './server.ts';
export { OPERATIONS, type OperationShape, type Shape, type StructureShape } from './shapes/index.ts';
export type { Credentials } from './signature.ts';
