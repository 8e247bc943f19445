import { createRandom, type Random } from '../../../core/index.ts';
import type { Activity, ActivityKind, Generator, Person } from '../../world/activity.ts';
import type { SlackEntityType, SlackEntryRecord, SlackThing } from './raw.ts';

/**
 * The Enterprise organisation of the synthetic company. A person's Slack account has a member id (`U` and ten
 * capitals or digits) as its uid: `actor()` gives it back.
 */
const ENTERPRISE: SlackThing = { id: 'E02BGL5HQ4T', name: 'Beagle Example', domain: 'beagle-example' };
const WORKSPACE: SlackThing = { id: 'T02C7N4KQ1Z', name: 'Example Everyone', domain: 'example-everyone' };

const CHANNELS = ['general', 'engineering', 'sales-emea', 'incident-room', 'design-review', 'finance-close', 'random'];
const FILES = [
  ['q3-forecast.xlsx', 'xlsx'],
  ['roadmap-2026.pdf', 'pdf'],
  ['customer-list.csv', 'csv'],
  ['architecture.drawio.png', 'png'],
  ['payroll-export.zip', 'zip'],
  ['meeting-notes.docx', 'docx'],
] as const;
const APPS = [
  ['Deploy Bot', ['chat:write', 'channels:read', 'commands']],
  ['Survey Helper', ['users:read', 'users:read.email', 'im:write']],
  ['Backup for Channels', ['channels:history', 'groups:history', 'files:read', 'users:read']],
] as const;

/** An action upon a thing: what an activity becomes. */
interface Deed {
  readonly action: string;
  readonly type: SlackEntityType;
  readonly thing: SlackThing;
  readonly details?: Readonly<Record<string, unknown>>;
}

const ID_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function slackId(prefix: string, random: Random): string {
  let id = prefix;
  for (let i = 0; i < 10; i++) id += ID_DIGITS[random.int(36)];
  return id;
}

function user(person: Person): SlackThing {
  const uid = person.accounts.slack?.uid ?? `U${person.id}`;
  return {
    id: uid,
    name: `${person.givenName} ${person.familyName}`,
    email: person.email,
    team: WORKSPACE.id,
  };
}

function file(random: Random): SlackThing {
  const [name, filetype] = random.pick(FILES);
  return { id: slackId('F', random), name, title: name.slice(0, name.lastIndexOf('.')), filetype };
}

function channel(random: Random, isShared = false): SlackThing {
  const privacy = random.next() < 0.7 ? 'public' : 'private';
  const name = random.pick(CHANNELS);
  return { id: slackId('C', random), privacy, name, is_shared: isShared, is_org_shared: false, teams_shared_with: [] };
}

function app(random: Random): Deed {
  const [name, scopes] = random.pick(APPS);
  const thing = { id: slackId('A', random), name, is_distributed: false, is_directory_approved: false, scopes };
  const details = { scopes_bot: scopes, is_internal_integration: true, is_token_rotation_enabled_app: false };
  return { action: 'app_installed', type: 'app', thing: { ...thing, is_workflow_app: false }, details };
}

const upon = (action: string, person: Person | null, self: Person): Deed => ({
  action,
  type: 'user',
  thing: user(person ?? self),
});

const DEEDS: { readonly [kind in ActivityKind]?: (activity: Activity, random: Random) => Deed } = {
  sign_in: ({ person }) => ({ ...upon('user_login', null, person), details: { type: 'SAML' } }),
  sign_in_failed: ({ person }) => ({
    ...upon('user_login_failed', null, person),
    details: { type: 'EMAIL', reason: 'invalid_credentials' },
  }),
  sign_out: ({ person }) => upon('user_logout', null, person),
  read: (_, random) =>
    random.next() < 0.5
      ? { action: 'file_opened', type: 'file', thing: file(random) }
      : { action: 'user_channel_join', type: 'channel', thing: channel(random), details: { type: 'JOINED' } },
  download: (_, random) => ({ action: 'file_downloaded', type: 'file', thing: file(random) }),
  write: (_, random) => {
    if (random.next() < 0.8) return { action: 'file_uploaded', type: 'file', thing: file(random) };
    const thing = channel(random);
    return { action: `${thing.privacy}_channel_created`, type: 'channel', thing };
  },
  share: (_, random) =>
    random.next() < 0.6
      ? { action: 'file_public_link_created', type: 'file', thing: file(random) }
      : {
          action: 'external_shared_channel_invite_sent',
          type: 'channel',
          thing: channel(random, true),
          details: { external_organization_name: 'Partner Ltd', external_user_email: 'partner@partner.example' },
        },
  create_token: (_, random) => app(random),
  reset_password: ({ person, target }) => upon('user_password_reset_requested', target, person),
  grant_admin: ({ person, target }) => upon('role_change_to_admin', target, person),
  revoke_admin: ({ person, target }) => upon('role_change_to_user', target, person),
  create_user: ({ person, target }) => upon('user_created', target, person),
  deactivate_user: ({ person, target }) => upon('user_deactivated', target, person),
  disable_protection: () => ({
    action: 'pref.two_factor_auth_changed',
    type: 'workspace',
    thing: WORKSPACE,
    details: { new_value: { required: false, sms_allowed: true }, previous_value: { required: true } },
  }),
};

/** Slack's session ids are decimal text. */
function sessionIdOf(activity: Activity): string {
  const random = createRandom(activity.sessionId);
  return String(8e11 + random.int(1e6) * 1e5 + random.int(1e5));
}

function uuid(random: Random): string {
  const hex = random.hex(32);
  const variant = '89ab'[random.int(4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Activities as entries of the Audit Logs API; its times have a resolution of one second. */
export const slackGenerator: Generator = {
  app: 'slack',
  habits: {
    sign_in: 6,
    sign_in_failed: 0.3,
    sign_out: 2,
    read: 40,
    download: 20,
    write: 18,
    share: 1.5,
    create_token: 0.2,
  },
  also: ['reset_password', 'grant_admin', 'revoke_admin', 'create_user', 'deactivate_user', 'disable_protection'],
  generate(activity: Activity, random: Random): SlackEntryRecord {
    const deed = DEEDS[activity.kind];
    if (deed === undefined) {
      throw new RangeError(`[ingest/slack] no event for ${activity.kind}; ask only for the generator’s kinds`);
    }
    const { action, type, thing, details } = deed(activity, random);
    const isOrganisation = action.startsWith('role_') || action.startsWith('pref.');
    const place = isOrganisation ? ENTERPRISE : WORKSPACE;
    return {
      id: uuid(random),
      date_create: Math.floor(activity.atUs / 1_000_000),
      action,
      actor: { type: 'user', user: user(activity.person) },
      entity: { type, [type]: thing },
      context: {
        location: {
          type: isOrganisation ? 'enterprise' : 'workspace',
          id: place.id,
          name: place.name ?? '',
          domain: place.domain ?? '',
        },
        ua: activity.device.userAgent,
        ip_address: activity.ip,
        session_id: activity.kind === 'sign_in_failed' ? null : sessionIdOf(activity),
      },
      ...(details === undefined ? {} : { details }),
    };
  },
};
