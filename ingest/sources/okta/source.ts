import { defineSource } from '../../../core/index.ts';
import { mapOkta, oktaActor, oktaNativeId } from './map.ts';
import { type OktaLogEvent, oktaReads, oktaSchema } from './raw.ts';

/** Okta’s System Log. */
export const okta = defineSource<OktaLogEvent>({
  app: 'okta',
  title: 'Okta',
  mapperVersion: 1,
  reads: oktaReads,
  schema: oktaSchema,
  nativeId: oktaNativeId,
  actor: oktaActor,
  map: mapOkta,
});
