import { z } from 'zod';

const text = z.string().nullish();

/** A member of the workspace as the log names them. `USLACKUSER` stands for nobody, `USLACKSECURITY` for Slack. */
const userSchema = z.object({ id: z.string(), name: text, email: text, team: text });

/**
 * An entry of Slack's Audit Logs API, `GET /audit/v1/logs` (https://docs.slack.dev/admins/audit-logs-api). Strict
 * about what names the action and the actor; the rest is free-form and read with care by `map`. `date_create` is
 * seconds since 1970; some exports write ISO 8601.
 */
export const slackEntrySchema = z.object({
  id: text,
  date_create: z.union([z.number(), z.string()]).nullish(),
  action: z.string().min(1),
  actor: z.object({ type: text, user: userSchema.nullish() }).nullish(),
  entity: z.unknown().optional(),
  context: z.unknown().optional(),
  details: z.unknown().optional(),
});

/** `entity` holds what it is about under the name of its type, `details` what the action brings. */
export const slackReads = [
  ...['/id', '/date_create', '/action', '/actor/type', '/actor/user', '/entity', '/details'],
  ...['/context/ip_address', '/context/ua', '/context/session_id'],
];

export type SlackEntry = z.infer<typeof slackEntrySchema>;

/** What `entity` holds under the name of its type, as documented; several members depend on the type. */
export interface SlackThing {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly team?: string;
  readonly title?: string;
  readonly domain?: string;
  readonly filetype?: string;
  readonly privacy?: 'public' | 'private';
  readonly is_shared?: boolean;
  readonly is_org_shared?: boolean;
  readonly teams_shared_with?: readonly string[];
  readonly is_distributed?: boolean;
  readonly is_directory_approved?: boolean;
  readonly is_workflow_app?: boolean;
  readonly scopes?: readonly string[];
}

export type SlackEntityType = 'user' | 'channel' | 'file' | 'app' | 'workspace' | 'enterprise';

/** A complete entry as Slack sends it: what the generator writes. */
export interface SlackEntryRecord {
  readonly id: string;
  readonly date_create: number;
  readonly action: string;
  readonly actor: { readonly type: 'user'; readonly user: SlackThing };
  readonly entity: { readonly type: SlackEntityType } & { readonly [type in SlackEntityType]?: SlackThing };
  readonly context: {
    readonly location: {
      readonly type: 'workspace' | 'enterprise';
      readonly id: string;
      readonly name: string;
      readonly domain: string;
    };
    readonly ua: string;
    readonly ip_address: string;
    readonly session_id: string | null;
  };
  readonly details?: Readonly<Record<string, unknown>>;
}
