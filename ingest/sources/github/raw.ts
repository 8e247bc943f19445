import { z } from 'zod';

const text = z.string().nullish();
/** A decoration: `map` reads it if its type is right. */
const unread = z.unknown().optional();
const time = z.union([z.string(), z.number()]).nullish();

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
  actor_ip: unread,
  /** true for apps and bots */
  actor_is_bot: unread,
  /** SAML NameID of the actor, mostly an e-mail address. */
  external_identity_nameid: unread,
  /** create, access, modify, remove, restore, transfer or authentication */
  operation_type: unread,
  user_agent: unread,
  /** Login of the user that it is about. */
  user: unread,
  /** Ids are numbers in the API and in streams, text in some exports. */
  org: unread,
  org_id: unread,
  business: unread,
  business_id: unread,
  repo: unread,
  repo_id: unread,
  /** The repository’s name in Git events and in some exports. */
  repository: unread,
  repository_id: unread,
  public_repo: unread,
  repository_public: unread,
  /** public, private or internal */
  visibility: unread,
  team: unread,
  /** `{team, …}`: older entries keep some members here. */
  data: unread,
  permission: unread,
  old_permission: unread,
  /** How a workflow’s run ended. */
  conclusion: unread,
});

/** `data` is an object of which only the team is read. */
export const githubReads = Object.keys(githubSchema.shape).map((name) => (name === 'data' ? '/data/team' : `/${name}`));

export type GithubAuditEntry = z.infer<typeof githubSchema>;
