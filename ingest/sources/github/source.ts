import { defineSource } from '../../../core/index.ts';
import { githubActor, githubNativeId, mapGithub } from './map.ts';
import { type GithubAuditEntry, githubReads, githubSchema } from './raw.ts';

/** GitHub’s audit log. */
export const github = defineSource<GithubAuditEntry>({
  app: 'github',
  title: 'GitHub',
  mapperVersion: 1,
  reads: githubReads,
  schema: githubSchema,
  nativeId: githubNativeId,
  actor: githubActor,
  map: mapGithub,
});
