import { defineSource } from '../../../core/index.ts';
import { actorOf, mapSlack, nativeIdOf } from './map.ts';
import { slackEntrySchema, slackReads } from './raw.ts';

/** Slack's Audit Logs API of an Enterprise organisation. */
export const slack = defineSource({
  app: 'slack',
  title: 'Slack',
  mapperVersion: 1,
  reads: slackReads,
  schema: slackEntrySchema,
  nativeId: nativeIdOf,
  actor: actorOf,
  map: mapSlack,
});
