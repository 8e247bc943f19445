import { CLASS, type MappedEvent, type Sensitivity } from '../../../core/index.ts';

/** What an event type of Okta means. */
export interface Rule {
  readonly class_uid: MappedEvent['class_uid'];
  readonly activity_id: number;
  readonly sensitivity: Sensitivity;
  /** Whether it needs administrative rights; `others`: only when done to somebody else. */
  readonly privileged: boolean | 'others';
  readonly changesMfa: boolean;
  /** Type of the target that the event is about, when it is not the first one. */
  readonly target: string | null;
  /** The event type itself says that something was refused, whatever the outcome is. */
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
  target: null,
  fails: false,
  protocol: null,
  ...extra,
});

const {
  accountChange,
  authentication,
  authorizeSession,
  entityManagement,
  userAccessManagement,
  groupManagement,
  applicationLifecycle,
  apiActivity,
} = CLASS;

const ADMIN: Extra = { privileged: true };
const ON_USER: Extra = { privileged: true, target: 'User' };
const ON_SELF_OR_USER: Extra = { privileged: 'others', target: 'User' };
const ON_APP: Extra = { privileged: true, target: 'AppInstance' };
const FACTOR: Extra = { privileged: 'others', changesMfa: true, target: 'User' };

/**
 * Okta’s event types (developer.okta.com, “Event types”) that identity security turns on, in OCSF’s terms.
 * Sensitivity: 1 everyday use, 2 accounts and access of single people, 3 security configuration and admin rights.
 */
const RULES = new Map<string, Rule>([
  ['user.session.start', rule(authentication, 1, 1, { target: 'AppInstance' })],
  ['user.session.end', rule(authentication, 2, 1)],
  ['user.session.expire', rule(authentication, 2, 1)],
  ['user.session.clear', rule(authentication, 2, 2, ON_SELF_OR_USER)],
  ['user.session.access_admin_app', rule(authentication, 1, 3, ADMIN)],
  ['user.session.impersonation.initiate', rule(authentication, 7, 3, ON_USER)],
  ['user.session.impersonation.end', rule(authentication, 2, 3, ON_USER)],
  ['user.session.impersonation.grant', rule(userAccessManagement, 1, 3, ADMIN)],
  ['user.session.impersonation.revoke', rule(userAccessManagement, 2, 3, ADMIN)],
  ['user.authentication.sso', rule(authentication, 1, 1, { target: 'AppInstance' })],
  ['user.authentication.slo', rule(authentication, 2, 1, { target: 'AppInstance' })],
  ['user.authentication.verify', rule(authentication, 1, 1)],
  ['user.authentication.auth', rule(authentication, 1, 1)],
  ['user.authentication.authenticate', rule(authentication, 1, 1)],
  ['user.authentication.auth_via_mfa', rule(authentication, 1, 1)],
  ['user.authentication.auth_via_IDP', rule(authentication, 1, 1)],
  ['user.authentication.auth_via_social', rule(authentication, 1, 1, { protocol: 'OpenID' })],
  ['user.authentication.auth_via_AD_agent', rule(authentication, 1, 1)],
  ['user.authentication.auth_via_LDAP_agent', rule(authentication, 1, 1, { protocol: 'LDAP' })],
  ['user.authentication.auth_via_inbound_SAML', rule(authentication, 1, 1, { protocol: 'SAML' })],
  ['user.authentication.auth_via_inbound_delauth', rule(authentication, 1, 1)],
  ['user.authentication.auth_via_iwa', rule(authentication, 1, 1, { protocol: 'Kerberos' })],
  ['user.authentication.auth_via_radius', rule(authentication, 1, 1, { protocol: 'RADIUS' })],
  ['user.authentication.auth_via_richclient', rule(authentication, 1, 1)],
  ['user.authentication.universal_logout', rule(authentication, 2, 2, ON_USER)],
  ['user.mfa.attempt_bypass', rule(authentication, 1, 2, { fails: true })],
  ['user.mfa.okta_verify', rule(authentication, 1, 1)],
  ['user.mfa.okta_verify.deny_push', rule(authentication, 1, 2, { fails: true })],
  ['user.mfa.okta_verify.deny_push_upgrade_needed', rule(authentication, 1, 1, { fails: true })],
  ['system.push.send_factor_verify_push', rule(authentication, 99, 1)],
  ['policy.evaluate_sign_on', rule(authentication, 99, 1, { target: 'AppInstance' })],
  ['policy.auth_reevaluate.fail', rule(authentication, 99, 2, { fails: true })],
  ['app.generic.unauth_app_access_attempt', rule(authorizeSession, 99, 2, { target: 'AppInstance' })],
  ['app.oauth2.authorize.code', rule(authentication, 1, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.authorize.implicit', rule(authentication, 1, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.signon', rule(authentication, 1, 1, { protocol: 'OAUTH 2.0', target: 'AppInstance' })],
  ['app.oauth2.token.grant', rule(authentication, 3, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.token.grant.access_token', rule(authentication, 3, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.token.grant.refresh_token', rule(authentication, 3, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.token.grant.id_token', rule(authentication, 3, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.token.detect_reuse', rule(authentication, 3, 2, { protocol: 'OAUTH 2.0', fails: true })],
  ['app.oauth2.as.token.detect_reuse', rule(authentication, 3, 2, { protocol: 'OAUTH 2.0', fails: true })],
  ['app.token.reuse', rule(authentication, 3, 2, { fails: true, target: 'AppInstance' })],
  ['app.oauth2.token.revoke', rule(authorizeSession, 99, 1, { protocol: 'OAUTH 2.0' })],
  ['app.oauth2.admin.consent.grant', rule(userAccessManagement, 1, 3, ADMIN)],
  ['app.oauth2.admin.consent.revoke', rule(userAccessManagement, 2, 3, ADMIN)],
  ['app.oauth2.as.consent.grant', rule(userAccessManagement, 1, 2)],
  ['app.oauth2.as.consent.revoke', rule(userAccessManagement, 2, 2)],

  ['user.mfa.factor.activate', rule(accountChange, 10, 2, FACTOR)],
  ['user.mfa.factor.deactivate', rule(accountChange, 11, 2, FACTOR)],
  ['user.mfa.factor.update', rule(accountChange, 10, 2, FACTOR)],
  ['user.mfa.factor.suspend', rule(accountChange, 11, 2, FACTOR)],
  ['user.mfa.factor.unsuspend', rule(accountChange, 10, 2, FACTOR)],
  ['user.mfa.factor.reset_all', rule(accountChange, 11, 3, { ...ON_USER, changesMfa: true })],
  ['system.mfa.factor.activate', rule(entityManagement, 10, 3, ADMIN)],
  ['system.mfa.factor.deactivate', rule(entityManagement, 11, 3, ADMIN)],

  ['user.lifecycle.create', rule(accountChange, 1, 2, ON_USER)],
  ['user.lifecycle.activate', rule(accountChange, 2, 2, ON_USER)],
  ['user.lifecycle.reactivate', rule(accountChange, 2, 2, ON_USER)],
  ['user.lifecycle.deactivate', rule(accountChange, 5, 2, ON_USER)],
  ['user.lifecycle.suspend', rule(accountChange, 5, 2, ON_USER)],
  ['user.lifecycle.unsuspend', rule(accountChange, 2, 2, ON_USER)],
  ['user.lifecycle.delete.initiated', rule(accountChange, 6, 2, ON_USER)],
  ['user.lifecycle.delete.completed', rule(accountChange, 6, 2, ON_USER)],
  ['user.lifecycle.password_mass_expiry', rule(accountChange, 4, 3, ADMIN)],
  ['user.account.update_password', rule(accountChange, 3, 2, ON_SELF_OR_USER)],
  ['user.account.reset_password', rule(accountChange, 4, 2, ON_USER)],
  ['user.account.expire_password', rule(accountChange, 4, 2, ON_USER)],
  ['user.account.use_token', rule(authentication, 1, 2)],
  ['user.account.lock', rule(accountChange, 9, 2, { target: 'User' })],
  ['user.account.lock.limit', rule(accountChange, 9, 2, { target: 'User' })],
  ['user.account.unlock', rule(accountChange, 12, 2, ON_SELF_OR_USER)],
  ['user.account.unlock_by_admin', rule(accountChange, 12, 2, ON_USER)],
  ['user.account.unlock_token', rule(accountChange, 12, 2)],
  ['user.account.update_profile', rule(accountChange, 99, 1, ON_SELF_OR_USER)],
  ['user.account.update_primary_email', rule(accountChange, 99, 2, ON_SELF_OR_USER)],
  ['user.account.update_secondary_email', rule(accountChange, 99, 2, ON_SELF_OR_USER)],
  ['user.account.update_phone', rule(accountChange, 99, 2, ON_SELF_OR_USER)],
  ['user.account.report_suspicious_activity_by_enduser', rule(accountChange, 99, 2, { target: 'User' })],
  ['user.account.privilege.grant', rule(userAccessManagement, 1, 3, ON_USER)],
  ['user.account.privilege.revoke', rule(userAccessManagement, 2, 3, ON_USER)],
  ['iam.role.assign', rule(userAccessManagement, 1, 3, ADMIN)],
  ['iam.role.unassign', rule(userAccessManagement, 2, 3, ADMIN)],
  ['iam.resourceset.bindings.add', rule(userAccessManagement, 1, 3, ADMIN)],
  ['iam.resourceset.bindings.delete', rule(userAccessManagement, 2, 3, ADMIN)],
  ['app.oauth2.client.privilege.grant', rule(userAccessManagement, 1, 3, ADMIN)],
  ['app.oauth2.client.privilege.revoke', rule(userAccessManagement, 2, 3, ADMIN)],
  ['application.user_membership.add', rule(userAccessManagement, 1, 2, ON_APP)],
  ['application.user_membership.remove', rule(userAccessManagement, 2, 2, ON_APP)],
  ['application.user_membership.show_password', rule(userAccessManagement, 99, 3, { target: 'AppUser' })],

  ['group.user_membership.add', rule(groupManagement, 3, 2, { privileged: true, target: 'UserGroup' })],
  ['group.user_membership.remove', rule(groupManagement, 4, 2, { privileged: true, target: 'UserGroup' })],
  ['group.lifecycle.create', rule(groupManagement, 6, 2, ADMIN)],
  ['group.lifecycle.delete', rule(groupManagement, 5, 2, ADMIN)],
  ['group.privilege.grant', rule(groupManagement, 1, 3, ADMIN)],
  ['group.privilege.revoke', rule(groupManagement, 2, 3, ADMIN)],
  ['group.application_assignment.add', rule(groupManagement, 1, 2, ADMIN)],
  ['group.application_assignment.remove', rule(groupManagement, 2, 2, ADMIN)],

  ['system.api_token.create', rule(entityManagement, 1, 3, { privileged: true, target: 'Token' })],
  ['system.api_token.revoke', rule(entityManagement, 4, 3, { privileged: true, target: 'Token' })],
  ['system.api_token.update', rule(entityManagement, 3, 3, { privileged: true, target: 'Token' })],
  ['app.oauth2.client.lifecycle.create', rule(applicationLifecycle, 1, 3, ADMIN)],
  ['app.oauth2.as.key.rollover', rule(entityManagement, 3, 3, ADMIN)],
  ['policy.rule.add', rule(entityManagement, 1, 3, { privileged: true, target: 'PolicyRule' })],
  ['policy.rule.update', rule(entityManagement, 3, 3, { privileged: true, target: 'PolicyRule' })],
  ['policy.rule.delete', rule(entityManagement, 4, 3, { privileged: true, target: 'PolicyRule' })],
  ['policy.rule.invalidate', rule(entityManagement, 9, 3, { privileged: true, target: 'PolicyRule' })],
  ['policy.rule.activate', rule(entityManagement, 10, 3, { privileged: true, target: 'PolicyRule' })],
  ['policy.rule.deactivate', rule(entityManagement, 11, 3, { privileged: true, target: 'PolicyRule' })],
  ['policy.rule.action.execute', rule(entityManagement, 99, 3, { target: 'PolicyRule' })],
  ['security.threat.detected', rule(entityManagement, 99, 3)],
  ['security.attack.start', rule(entityManagement, 99, 3)],
  ['security.attack.end', rule(entityManagement, 99, 3)],
  ['security.request.blocked', rule(authentication, 99, 2, { fails: true })],
  ['system.org.rate_limit.warning', rule(apiActivity, 99, 1)],
  ['system.org.rate_limit.violation', rule(apiActivity, 99, 1)],
  ['system.org.rate_limit.burst', rule(apiActivity, 99, 1)],
  ['application.integration.rate_limit_exceeded', rule(apiActivity, 99, 1)],
]);

/** What event types that RULES does not name have in common, the most telling prefix first. */
const FAMILIES: readonly (readonly [prefix: string, rule: Rule])[] = [
  ['user.authentication.', rule(authentication, 99, 1)],
  ['user.session.', rule(authentication, 99, 1)],
  ['user.risk.', rule(entityManagement, 99, 2, { target: 'User' })],
  ['user.mfa.', rule(accountChange, 99, 2, { target: 'User' })],
  ['user.', rule(accountChange, 99, 2, ON_SELF_OR_USER)],
  ['group.', rule(groupManagement, 99, 2, ADMIN)],
  ['policy.', rule(entityManagement, 99, 3, ADMIN)],
  ['zone.', rule(entityManagement, 99, 3, ADMIN)],
  ['network_zone.', rule(entityManagement, 99, 3, ADMIN)],
  ['security.', rule(entityManagement, 99, 3, ADMIN)],
  ['iam.', rule(entityManagement, 99, 3, ADMIN)],
  ['system.idp.', rule(entityManagement, 99, 3, ADMIN)],
  ['system.', rule(entityManagement, 99, 2, ADMIN)],
  ['application.lifecycle.', rule(applicationLifecycle, 99, 2, ADMIN)],
  ['application.policy.', rule(entityManagement, 99, 3, ADMIN)],
  ['application.', rule(entityManagement, 99, 2, ADMIN)],
  ['app.oauth2.', rule(apiActivity, 99, 2, { protocol: 'OAUTH 2.0' })],
  ['device.', rule(entityManagement, 99, 2)],
  ['directory.', rule(entityManagement, 99, 2, ADMIN)],
];

/** OCSF’s activity of an entity (3004) or an application (6002) by the last word of the event type. */
const ENTITY_VERBS = new Map([
  ['create', 1],
  ['add', 1],
  ['read', 2],
  ['update', 3],
  ['replace', 3],
  ['delete', 4],
  ['remove', 4],
  ['enroll', 6],
  ['unenroll', 7],
  ['enable', 8],
  ['disable', 9],
  ['activate', 10],
  ['deactivate', 11],
  ['suspend', 12],
  ['unsuspend', 13],
]);
const APPLICATION_VERBS = new Map([
  ['create', 1],
  ['delete', 2],
  ['activate', 6],
  ['deactivate', 7],
  ['update', 8],
]);

const UNKNOWN = rule(apiActivity, 99, 1);

/**
 * The meaning of an event type: by its name, else by its family and verb, else an API activity of unknown kind
 * (6003, 99 Other), not privileged.
 */
export function ruleOf(eventType: string): Rule {
  return RULES.get(eventType) ?? familyOf(eventType);
}

function familyOf(eventType: string): Rule {
  const family = FAMILIES.find(([prefix]) => eventType.startsWith(prefix))?.[1] ?? UNKNOWN;
  const verb = eventType.slice(eventType.lastIndexOf('.') + 1);
  if (family.class_uid === entityManagement) return { ...family, activity_id: ENTITY_VERBS.get(verb) ?? 99 };
  if (family.class_uid === applicationLifecycle) return { ...family, activity_id: APPLICATION_VERBS.get(verb) ?? 99 };
  return family;
}
