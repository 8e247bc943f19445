import { CLASS, type MappedEvent } from '../../../core/index.ts';

/** What an action means in OCSF's terms, whoever did it and whatever it was done to. */
export interface Meaning {
  readonly classUid: MappedEvent['class_uid'];
  readonly activityId: number;
  readonly severityId: number;
  readonly isPrivileged: boolean;
  readonly sensitivity: MappedEvent['sensitivity'];
}

type Options = Partial<Pick<Meaning, 'severityId' | 'isPrivileged' | 'sensitivity'>>;

const ADMIN: Options = { severityId: 2, isPrivileged: true, sensitivity: 3 };
const GRANT: Options = { severityId: 3, isPrivileged: true, sensitivity: 3 };
/** Takes a protection away, or could: a person should look at it. */
const WEAKEN: Options = { severityId: 4, isPrivileged: true, sensitivity: 3 };
const CONFIDENTIAL: Options = { sensitivity: 2 };
const OUTSIDE: Options = { severityId: 2, sensitivity: 2 };
const EXPORT: Options = { severityId: 4, isPrivileged: true, sensitivity: 2 };

function meaning(classUid: Meaning['classUid'], activityId: number, options: Options = {}): Meaning {
  return { classUid, activityId, severityId: 1, isPrivileged: false, sensitivity: 1, ...options };
}

const account = (id: number, options?: Options) => meaning(CLASS.accountChange, id, options);
const authentication = (id: number, options?: Options) => meaning(CLASS.authentication, id, options);
const entity = (id: number, options: Options = ADMIN) => meaning(CLASS.entityManagement, id, options);
const access = (id: number, options: Options = GRANT) => meaning(CLASS.userAccessManagement, id, options);
const group = (id: number, options?: Options) => meaning(CLASS.groupManagement, id, options);
const resource = (id: number, options?: Options) => meaning(CLASS.webResourcesActivity, id, options);
const application = (id: number, options?: Options) => meaning(CLASS.applicationLifecycle, id, options);
const file = (id: number, options: Options = CONFIDENTIAL) => meaning(CLASS.fileHostingActivity, id, options);

/**
 * The documented actions (https://docs.slack.dev/reference/audit-logs-api/methods-actions-reference) whose meaning
 * does not follow from their name alone; {@link meaningOf} reads the others by their words. Sessions ended by an
 * administrator are changes to the account, not the administrator's own log-off.
 */
const ACTIONS: ReadonlyMap<string, Meaning> = new Map([
  ['user_login', authentication(1)],
  ['user_login_failed', authentication(1, { severityId: 2 })],
  ['cli_login', authentication(1)],
  ['user_logout', authentication(2)],
  ['user_logout_compromised', authentication(2, { severityId: 4 })],
  ['user_logout_non_compliant_mobile_app_version', authentication(2, { severityId: 2 })],
  ['user_session_invalidated', authentication(2, { severityId: 2 })],
  ['user_session_reset_by_admin', account(99, ADMIN)],
  ['bulk_session_reset_by_admin', account(99, GRANT)],
  ['user_sessions_reset_by_anomaly_event_response', account(99, { severityId: 3 })],
  ['user_session_settings_changed', account(99, ADMIN)],
  ['user_created', account(1, ADMIN)],
  ['guest_created', account(1, ADMIN)],
  ['user_deactivated', account(5, ADMIN)],
  ['guest_deactivated', account(5, ADMIN)],
  ['guest_expired', account(5)],
  ['user_reactivated', account(2, ADMIN)],
  ['guest_reactivated', account(2, ADMIN)],
  ['user_password_reset_requested', account(4, { severityId: 2 })],
  ['user_password_reset_slack_security', account(4, { severityId: 4 })],
  ['user_profile_deleted', account(99, ADMIN)],
  ['role_change_to_admin', access(1)],
  ['role_change_to_owner', access(1)],
  ['role_change_to_user', access(2, ADMIN)],
  ['role_change_to_guest', access(2, ADMIN)],
  ['role_assigned', access(1)],
  ['role_removed', access(2, ADMIN)],
  ['permissions_assigned', access(1)],
  ['permissions_removed', access(2, ADMIN)],
  ['owner_transferred', access(1, WEAKEN)],
  ['service_owner_transferred', access(1, WEAKEN)],
  ['role_added_to_usergroup', group(1, GRANT)],
  ['role_modified_on_usergroup', group(1, GRANT)],
  ['role_removed_from_usergroup', group(2, ADMIN)],
  ['user_added_to_usergroup', group(3, { isPrivileged: true })],
  ['user_removed_from_usergroup', group(4, { isPrivileged: true })],
  ['user_channel_join', group(3)],
  ['guest_channel_join', group(3)],
  ['user_channel_leave', group(4)],
  ['guest_channel_leave', group(4)],
  ['file_uploaded', file(1)],
  ['file_downloaded', file(2)],
  ['file_downloaded_blocked', file(2, OUTSIDE)],
  ['file_download_blocked', file(2, OUTSIDE)],
  ['file_deleted', file(4)],
  ['file_shared', file(12)],
  ['file_public_link_created', file(12, { severityId: 3, sensitivity: 2 })],
  ['file_public_link_revoked', file(13)],
  ['file_opened', file(14)],
  ['file_malicious_content_detected', file(99, { severityId: 4, sensitivity: 2 })],
  ['external_shared_channel_connected', resource(8, OUTSIDE)],
  ['external_shared_channel_reconnected', resource(8, OUTSIDE)],
  ['external_shared_channel_invite_sent', resource(8, OUTSIDE)],
  ['external_shared_channel_invite_accepted', resource(8, OUTSIDE)],
  ['external_shared_channel_invite_approved', resource(8, OUTSIDE)],
  ['external_shared_channel_disconnected', resource(3)],
  ['external_shared_channel_invite_declined', resource(3)],
  ['external_shared_channel_invite_expired', resource(3)],
  ['external_shared_channel_invite_revoked', resource(3)],
  ['channel_workspaces_updated', resource(8)],
  ['private_channel_converted_to_public', resource(3, { severityId: 3, sensitivity: 2 })],
  ['public_channel_converted_to_private', resource(3)],
  ['manual_export_started', resource(7, EXPORT)],
  ['manual_export_completed', resource(7, EXPORT)],
  ['manual_export_downloaded', resource(7, EXPORT)],
  ['manual_user_export_started', resource(7, EXPORT)],
  ['manual_user_export_completed', resource(7, EXPORT)],
  ['manual_user_export_downloaded', resource(7, EXPORT)],
  ['scheduled_export_started', resource(7, EXPORT)],
  ['scheduled_export_completed', resource(7, EXPORT)],
  ['channels_export_started', resource(7, EXPORT)],
  ['channels_export_completed', resource(7, EXPORT)],
  ['corporate_exports_approved', entity(3, WEAKEN)],
  ['corporate_exports_enabled', entity(3, WEAKEN)],
  ['app_installed', application(1, { severityId: 2, sensitivity: 2 })],
  ['app_uninstalled', application(2)],
  ['org_app_workspace_added', application(1, ADMIN)],
  ['org_app_workspace_removed', application(2, ADMIN)],
  ['app_approved', application(6, ADMIN)],
  ['app_restricted', application(7, ADMIN)],
  ['app_removed_from_whitelist', application(7, ADMIN)],
  ['app_scopes_expanded', application(8, { severityId: 3, sensitivity: 2 })],
  ['app_resources_granted', application(8, { severityId: 2, sensitivity: 2 })],
  ['app_resources_added', application(8, { severityId: 2, sensitivity: 2 })],
  ['app_token_preserved', application(99, { severityId: 2, sensitivity: 2 })],
  ['bot_token_upgraded', application(8, { severityId: 2, sensitivity: 2 })],
  ['bot_token_downgraded', application(8, { sensitivity: 2 })],
  ['workspace_created', entity(1)],
  ['workspace_deleted', entity(4, WEAKEN)],
  ['organization_created', entity(1)],
  ['organization_deleted', entity(4, WEAKEN)],
  ['ekm_enrolled', entity(6)],
  ['ekm_unenrolled', entity(7, WEAKEN)],
  ['ekm_key_removed', entity(4, WEAKEN)],
  ['native_dlp_rule_deactivated', entity(11, WEAKEN)],
  ['native_dlp_violation_deleted', entity(4, WEAKEN)],
  ['pref.two_factor_auth_changed', entity(3, WEAKEN)],
  ['pref.sso_setting_changed', entity(3, WEAKEN)],
  ['pref.block_file_download_for_unapproved_ip', entity(3, WEAKEN)],
  ['pref.block_download_and_copy_on_untrusted_mobile', entity(3, WEAKEN)],
  ['pref.dlp_access_changed', entity(3, WEAKEN)],
  ['anomaly', meaning(CLASS.apiActivity, 99, { severityId: 3 })],
]);

/** Actions upon these subjects change how the organisation is secured and need an administrator. */
const SECURITY_SUBJECT = /^(?:pref\.|ekm_|barrier_|legal_hold|native_dlp_|sso_|scim_|role_|approved_|organization_)/;

const VERBS: readonly (readonly [RegExp, number])[] = [
  [/_(?:created|added|enrolled)$/, 1],
  [/_(?:deleted|removed|unenrolled|revoked|uninstalled)$/, 4],
  [/_(?:viewed|opened|downloaded|listed|accessed)$/, 2],
  [/_(?:updated|changed|set|cleared|renamed|aliased|archive|unarchive|published|edited|activated|deactivated)$/, 3],
];

const UNKNOWN_OTHER = 99;

/** The meaning of an action: documented, else by the subject and the verb in its name, else Other of its subject. */
export function meaningOf(action: string): Meaning {
  const known = ACTIONS.get(action);
  if (known !== undefined) return known;
  if (action.startsWith('pref.')) return entity(3);
  const verb = VERBS.find(([pattern]) => pattern.test(action))?.[1] ?? UNKNOWN_OTHER;
  if (SECURITY_SUBJECT.test(action)) return entity(verb);
  if (action.startsWith('user_') || action.startsWith('guest_')) return account(UNKNOWN_OTHER);
  return resource(verb);
}
