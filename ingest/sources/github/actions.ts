import { CLASS, type MappedEvent, type Sensitivity } from '../../../core/index.ts';

/** Which object of the entry the action is about. */
export type TargetKind = 'user' | 'repo' | 'team' | 'org' | 'business';

/** What an action of GitHub’s audit log means. */
export interface Rule {
  readonly class_uid: MappedEvent['class_uid'];
  readonly activity_id: number;
  readonly sensitivity: Sensitivity;
  readonly privileged: boolean;
  readonly changesMfa: boolean;
  /** OCSF severity_id: GitHub gives none. 3 where a protection falls or rights grow, else 1. */
  readonly severity: number;
  readonly target: TargetKind | null;
  /** The action itself says that something was refused. */
  readonly fails: boolean;
  readonly protocol: string | null;
}

type Extra = Partial<Omit<Rule, 'class_uid' | 'activity_id' | 'sensitivity'>>;

const rule = (
  class_uid: MappedEvent['class_uid'],
  activity_id: number,
  sensitivity: Sensitivity,
  extra: Extra = {},
): Rule => ({
  class_uid,
  activity_id,
  sensitivity,
  privileged: false,
  changesMfa: false,
  severity: 1,
  target: null,
  fails: false,
  protocol: null,
  ...extra,
});

const {
  accountChange,
  authentication,
  entityManagement,
  userAccessManagement,
  groupManagement,
  webResourcesActivity,
  apiActivity,
  fileHostingActivity,
} = CLASS;

const ADMIN: Extra = { privileged: true };
const WEAKENS: Extra = { privileged: true, severity: 3 };
const ON_USER: Extra = { privileged: true, target: 'user' };
const RAISES: Extra = { privileged: true, target: 'user', severity: 3 };
const SELF: Extra = { target: 'user' };
const FACTOR: Extra = { target: 'user', changesMfa: true };
const SAML: Extra = { protocol: 'SAML' };

/**
 * The actions (docs.github.com, “Audit log events for your enterprise” and “Security log events”) that identity
 * security turns on, in OCSF’s terms. Sensitivity: 1 everyday use, 2 source code and access of single people,
 * 3 security configuration, secrets and admin rights; 0 when the repository is public.
 */
const RULES = new Map<string, Rule>([
  ['user.login', rule(authentication, 1, 1)],
  ['user.failed_login', rule(authentication, 1, 1, { fails: true })],
  ['user.logout', rule(authentication, 2, 1)],
  ['user.sign_in_from_unrecognized_device', rule(authentication, 1, 2)],
  ['user.sign_in_from_unrecognized_device_and_location', rule(authentication, 1, 2)],
  ['user.two_factor_requested', rule(authentication, 99, 1)],
  ['user.two_factor_challenge_failure', rule(authentication, 1, 1, { fails: true })],
  ['user.two_factor_challenge_success', rule(authentication, 1, 1)],
  ['user.device_verification_failure', rule(authentication, 1, 1, { fails: true })],
  ['user.device_verification_requested', rule(authentication, 99, 1)],
  ['user.device_verification_success', rule(authentication, 1, 1)],
  ['org.sso_response', rule(authentication, 1, 1, SAML)],
  ['business.sso_response', rule(authentication, 1, 1, SAML)],

  ['two_factor_authentication.enabled', rule(accountChange, 10, 2, FACTOR)],
  ['two_factor_authentication.add_factor', rule(accountChange, 10, 2, FACTOR)],
  ['two_factor_authentication.disabled', rule(accountChange, 11, 2, { ...FACTOR, severity: 3 })],
  ['two_factor_authentication.remove_factor', rule(accountChange, 11, 2, FACTOR)],
  ['two_factor_authentication.update_fallback', rule(accountChange, 10, 2, FACTOR)],
  ['two_factor_authentication.recovery_codes_regenerated', rule(accountChange, 10, 2, FACTOR)],
  ['security_key.register', rule(accountChange, 10, 2, FACTOR)],
  ['security_key.remove', rule(accountChange, 11, 2, FACTOR)],
  ['passkey.register', rule(accountChange, 10, 2, FACTOR)],
  ['passkey.remove', rule(accountChange, 11, 2, FACTOR)],
  ['user.create', rule(accountChange, 1, 2, ON_USER)],
  ['user.destroy', rule(accountChange, 6, 2, ON_USER)],
  ['user.delete', rule(accountChange, 6, 2, ON_USER)],
  ['user.suspend', rule(accountChange, 5, 2, ON_USER)],
  ['user.unsuspend', rule(accountChange, 2, 2, ON_USER)],
  ['user.change_password', rule(accountChange, 3, 2, SELF)],
  ['user.forgot_password', rule(accountChange, 4, 2, SELF)],
  ['user.reset_password', rule(accountChange, 4, 2, SELF)],
  ['user.promote', rule(userAccessManagement, 1, 3, RAISES)],
  ['user.demote', rule(userAccessManagement, 2, 3, ON_USER)],
  ['external_identity.provision', rule(accountChange, 1, 2, ON_USER)],
  ['external_identity.update', rule(accountChange, 99, 2, ON_USER)],
  ['external_identity.deprovision', rule(accountChange, 5, 2, ON_USER)],

  ['business.add_admin', rule(userAccessManagement, 1, 3, RAISES)],
  ['business.remove_admin', rule(userAccessManagement, 2, 3, ON_USER)],
  ['business.invite_admin', rule(userAccessManagement, 1, 3, RAISES)],
  ['business.add_billing_manager', rule(userAccessManagement, 1, 2, ON_USER)],
  ['business.add_support_entitlee', rule(userAccessManagement, 1, 2, ON_USER)],
  ['org.update_member', rule(userAccessManagement, 99, 3, RAISES)],
  ['org.add_member', rule(groupManagement, 3, 2, ON_USER)],
  ['org.remove_member', rule(groupManagement, 4, 2, ON_USER)],
  ['org.invite_member', rule(groupManagement, 99, 2, ON_USER)],
  ['org.invite_user', rule(groupManagement, 99, 2, ON_USER)],
  ['org.add_outside_collaborator', rule(userAccessManagement, 1, 2, ON_USER)],
  ['org.remove_outside_collaborator', rule(userAccessManagement, 2, 2, ON_USER)],
  ['organization_moderators.add_user', rule(userAccessManagement, 1, 2, ON_USER)],
  ['organization_moderators.remove_user', rule(userAccessManagement, 2, 2, ON_USER)],
  ['organization_role.assign', rule(userAccessManagement, 1, 3, RAISES)],
  ['organization_role.revoke', rule(userAccessManagement, 2, 3, ON_USER)],
  ['role.create', rule(userAccessManagement, 99, 3, ADMIN)],
  ['repo.add_member', rule(userAccessManagement, 1, 2, ON_USER)],
  ['repo.remove_member', rule(userAccessManagement, 2, 2, ON_USER)],
  ['repo.update_member', rule(userAccessManagement, 99, 2, ON_USER)],
  ['team.create', rule(groupManagement, 6, 2, { privileged: true, target: 'team' })],
  ['team.destroy', rule(groupManagement, 5, 2, { privileged: true, target: 'team' })],
  ['team.add_member', rule(groupManagement, 3, 2, { privileged: true, target: 'team' })],
  ['team.remove_member', rule(groupManagement, 4, 2, { privileged: true, target: 'team' })],
  ['team.add_repository', rule(groupManagement, 1, 2, { privileged: true, target: 'team' })],
  ['team.remove_repository', rule(groupManagement, 2, 2, { privileged: true, target: 'team' })],
  ['team.promote_maintainer', rule(userAccessManagement, 1, 2, ON_USER)],
  ['team.demote_maintainer', rule(userAccessManagement, 2, 2, ON_USER)],

  ['personal_access_token.create', rule(entityManagement, 1, 3)],
  ['personal_access_token.access_granted', rule(userAccessManagement, 1, 3, ON_USER)],
  ['personal_access_token.access_revoked', rule(userAccessManagement, 2, 3, ON_USER)],
  ['personal_access_token.request_created', rule(entityManagement, 99, 2)],
  ['oauth_access.create', rule(entityManagement, 1, 3)],
  ['oauth_access.destroy', rule(entityManagement, 4, 2)],
  ['oauth_authorization.create', rule(userAccessManagement, 1, 2)],
  ['oauth_authorization.destroy', rule(userAccessManagement, 2, 2)],
  ['org_credential_authorization.grant', rule(userAccessManagement, 1, 2)],
  ['org_credential_authorization.revoke', rule(userAccessManagement, 2, 2)],
  ['public_key.create', rule(entityManagement, 1, 3)],
  ['public_key.delete', rule(entityManagement, 4, 2)],
  ['public_key.verify', rule(entityManagement, 99, 1)],
  ['ssh_certificate_authority.create', rule(entityManagement, 1, 3, RAISES)],

  ['git.clone', rule(fileHostingActivity, 2, 2, { target: 'repo' })],
  ['git.fetch', rule(fileHostingActivity, 15, 2, { target: 'repo' })],
  ['git.push', rule(fileHostingActivity, 1, 2, { target: 'repo' })],
  ['repo.download_zip', rule(fileHostingActivity, 2, 2, { target: 'repo' })],
  ['repo.access', rule(webResourcesActivity, 8, 3, { privileged: true, target: 'repo' })],
  ['repo.create', rule(entityManagement, 1, 2, { target: 'repo' })],
  ['repo.destroy', rule(entityManagement, 4, 2, { privileged: true, target: 'repo' })],
  ['repo.rename', rule(entityManagement, 3, 2, { privileged: true, target: 'repo' })],
  ['repo.archived', rule(entityManagement, 9, 2, { privileged: true, target: 'repo' })],
  ['repo.unarchived', rule(entityManagement, 8, 2, { privileged: true, target: 'repo' })],
  ['repo.transfer', rule(entityManagement, 5, 3, { privileged: true, target: 'repo' })],
  ['repo.transfer_start', rule(entityManagement, 5, 3, { privileged: true, target: 'repo' })],
  ['repo.transfer_outgoing', rule(entityManagement, 5, 3, { privileged: true, target: 'repo' })],

  ['org.disable_two_factor_requirement', rule(entityManagement, 9, 3, WEAKENS)],
  ['org.enable_two_factor_requirement', rule(entityManagement, 8, 3, ADMIN)],
  ['org.disable_saml', rule(entityManagement, 9, 3, WEAKENS)],
  ['org.enable_saml', rule(entityManagement, 8, 3, ADMIN)],
  ['business.disable_two_factor_requirement', rule(entityManagement, 9, 3, WEAKENS)],
  ['business.disable_saml', rule(entityManagement, 9, 3, WEAKENS)],
  ['enterprise.config.disable_anonymous_git_access', rule(entityManagement, 9, 3, ADMIN)],
  ['enterprise.config.enable_anonymous_git_access', rule(entityManagement, 8, 3, WEAKENS)],
  ['protected_branch.policy_override', rule(entityManagement, 99, 3, WEAKENS)],
  ['protected_branch.rejected_ref_update', rule(fileHostingActivity, 1, 2, { target: 'repo', fails: true })],
  ['protected_branch.destroy', rule(entityManagement, 4, 3, WEAKENS)],
  ['repository_ruleset.destroy', rule(entityManagement, 4, 3, WEAKENS)],
  ['secret_scanning_push_protection.bypass', rule(entityManagement, 99, 3, { severity: 3 })],
  ['audit_log_streaming.destroy', rule(entityManagement, 4, 3, WEAKENS)],
  ['workflows.completed_workflow_run', rule(apiActivity, 99, 1, { target: 'repo' })],
  ['api.request', rule(apiActivity, 2, 1)],
]);

/** What actions that RULES does not name have in common, by how they begin. */
const FAMILIES: readonly (readonly [prefix: string, rule: Rule])[] = [
  ...['pull_request', 'issue', 'discussion', 'commit_comment', 'gist', 'project', 'release', 'marketplace'].map(
    (prefix) => [prefix, rule(webResourcesActivity, 99, 1, { target: 'repo' })] as const,
  ),
  ['git.', rule(fileHostingActivity, 99, 2, { target: 'repo' })],
  ...['workflows.', 'checks.', 'codespaces.', 'packages.', 'copilot.'].map(
    (prefix) => [prefix, rule(apiActivity, 99, 1)] as const,
  ),
  ['user.', rule(accountChange, 99, 2, SELF)],
  ['user_email.', rule(accountChange, 99, 2, SELF)],
  ['profile_picture.', rule(accountChange, 99, 1, SELF)],
  ['external_', rule(accountChange, 99, 2, ON_USER)],
  ['two_factor_authentication.', rule(accountChange, 99, 2, FACTOR)],
  ['team.', rule(groupManagement, 99, 2, { privileged: true, target: 'team' })],
  ['repository_vulnerability_alert', rule(entityManagement, 99, 2, { target: 'repo' })],
  ['not_', rule(apiActivity, 99, 1)],
  ...['repository_ruleset', 'repository_secret_scanning', 'repository_branch', 'environment.'].map(
    (prefix) => [prefix, rule(entityManagement, 99, 3, { privileged: true, target: 'repo' })] as const,
  ),
  ...['repo.', 'repository_', 'hook.', 'codespaces_'].map(
    (prefix) => [prefix, rule(entityManagement, 99, 2, { privileged: true, target: 'repo' })] as const,
  ),
  ...[
    ...['org.', 'organization_', 'org_', 'business.', 'business_', 'enterprise.', 'enterprise_', 'protected_branch.'],
    ...['secret_scanning', 'dependabot_', 'dependency_graph', 'ip_allow_list', 'integration', 'oauth_application'],
    ...['audit_log', 'ssh_', 'role.', 'security_configuration', 'actions_', 'code_scanning', 'merge_queue'],
  ].map((prefix) => [prefix, rule(entityManagement, 99, 3, ADMIN)] as const),
];

/** Actions whose last word turns a protection off. */
const PROTECTIONS =
  /^(?:secret_scanning|repository_secret_scanning|dependabot_|ip_allow_list|business_advanced_security|protected_branch|repository_ruleset|dependency_graph|code_scanning|audit_log)/;

/** OCSF’s activities of an entity (3004) and of a web resource (6001) by the first word behind the category. */
const VERBS = new Map<string, readonly [entity: number, web: number]>([
  ['create', [1, 1]],
  ['add', [1, 1]],
  ['register', [1, 1]],
  ['submit', [3, 1]],
  ['update', [3, 3]],
  ['edit', [3, 3]],
  ['rename', [3, 3]],
  ['set', [3, 3]],
  ['change', [3, 3]],
  ['close', [3, 3]],
  ['reopen', [3, 3]],
  ['merge', [3, 3]],
  ['resolve', [3, 3]],
  ['dismiss', [3, 3]],
  ['destroy', [4, 4]],
  ['delete', [4, 4]],
  ['remove', [4, 4]],
  ['enable', [8, 3]],
  ['enabled', [8, 3]],
  ['disable', [9, 3]],
  ['disabled', [9, 3]],
  ['suspend', [12, 3]],
  ['transfer', [5, 3]],
]);

/** OCSF’s API activities by GitHub’s operation_type. */
const OPERATIONS = new Map<unknown, number>([
  ['create', 1],
  ['access', 2],
  ['modify', 3],
  ['remove', 4],
]);

const UNKNOWN = rule(apiActivity, 99, 1);

/** The meaning of an action: by its name, else by its family and verb, else as an API activity (6003). */
export function ruleOf(action: string, operationType: unknown): Rule {
  return RULES.get(action) ?? familyOf(action, operationType);
}

function familyOf(action: string, operationType: unknown): Rule {
  const family = FAMILIES.find(([prefix]) => action.startsWith(prefix))?.[1] ?? UNKNOWN;
  const { class_uid } = family;
  if (class_uid === apiActivity) return { ...family, activity_id: OPERATIONS.get(operationType) ?? 99 };
  if (class_uid !== entityManagement && class_uid !== webResourcesActivity) return family;
  const words = action.slice(action.lastIndexOf('.') + 1);
  const end = words.indexOf('_');
  const verb = VERBS.get(end === -1 ? words : words.slice(0, end));
  if (verb === undefined) return family;
  const weakens = (verb[0] === 9 || verb[0] === 4) && PROTECTIONS.test(action);
  const activity_id = verb[class_uid === entityManagement ? 0 : 1];
  return { ...family, activity_id, severity: weakens ? 3 : family.severity };
}
