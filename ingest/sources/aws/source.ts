import { defineSource } from '../../../core/index.ts';
import { mapCloudTrail, nativeActorOf, nativeIdOf } from './map.ts';
import { cloudTrailReads, cloudTrailSchema } from './raw.ts';

/** AWS CloudTrail: one record of a trail's `Records`. */
export const aws = defineSource({
  app: 'aws',
  title: 'AWS CloudTrail',
  mapperVersion: 1,
  reads: cloudTrailReads,
  schema: cloudTrailSchema,
  nativeId: nativeIdOf,
  actor: nativeActorOf,
  map: mapCloudTrail,
});
