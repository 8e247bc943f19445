import { z } from 'zod';
import { softBoolean, softObject, softText } from '../lenient.ts';

const text = z.string().nullish();
const time = z.union([z.string(), z.number()]).nullish();
/** Ids are numbers in the API and in streams, text in some exports. */
const softId = z.union([z.string(), z.number()]).nullish().catch(null);

/**
 * An entry of GitHub’s audit log (enterprise or organisation: REST API, streaming, JSON export), as far as it is
 * read. Only `action` must be there; which other members are there depends on it. A wrong type in what says who,
 * what and when is a fault; elsewhere it counts as missing.
 */
export const githubSchema = z.object({
  /** When it happened, milliseconds since 1970; `created_at` is when the object it is about was recorded. */
  '@timestamp': time,
  /** `@timestamp` under the name that some exporters give it. */
  at_sign_timestamp: time,
  created_at: time,
  _document_id: text,
  action: z.string().min(1),
  /** Login of whoever acted. */
  actor: text,
  actor_ip: softText,
  actor_is_bot: softBoolean,
  /** SAML NameID of the actor, mostly an e-mail address. */
  external_identity_nameid: softText,
  operation_type: softText,
  programmatic_access_type: softText,
  user_agent: softText,
  /** Login of the user that it is about. */
  user: softText,
  org: softText,
  org_id: softId,
  business: softText,
  business_id: softId,
  repo: softText,
  repo_id: softId,
  /** The repository’s name in Git events and in some exports. */
  repository: softText,
  repository_id: softId,
  public_repo: softBoolean,
  repository_public: softBoolean,
  visibility: softText,
  team: softText,
  permission: softText,
  old_permission: softText,
  conclusion: softText,
  data: softObject({ team: softText }),
});

export type GithubAuditEntry = z.infer<typeof githubSchema>;
