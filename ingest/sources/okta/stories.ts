import type { Random } from '../../../core/index.ts';
import type { Activity, ActivityKind, Person } from '../../world/activity.ts';
import { oktaId } from './ids.ts';

/** Apps of the company’s dashboard: name and the protocol by which Okta signs people on to it. */
const APPS = [
  ['Google Workspace', 'SAML 2.0'],
  ['Slack', 'SAML 2.0'],
  ['GitHub Enterprise Cloud', 'SAML 2.0'],
  ['AWS IAM Identity Center', 'SAML 2.0'],
  ['Salesforce.com', 'SAML 2.0'],
  ['Zoom', 'SAML 2.0'],
  ['Workday', 'SAML 2.0'],
  ['Atlassian Cloud', 'SAML 2.0'],
  ['Zendesk', 'SAML 2.0'],
  ['Box', 'SAML 2.0'],
  ['Notion', 'OpenID Connect'],
  ['Snowflake', 'OpenID Connect'],
  ['Figma', 'OpenID Connect'],
  ['1Password Business', 'OpenID Connect'],
] as const;

const FACTORS = ['OKTA_VERIFY_PUSH', 'OKTA_SOFT_TOKEN', 'FIDO_WEBAUTHN', 'GOOGLE_OTP'] as const;

/** Members of an Okta event that differ from kind to kind. */
export interface Story {
  readonly eventType: string;
  readonly displayMessage: string;
  readonly legacyEventType: string;
  readonly target: readonly object[] | null;
  readonly requestUri: string;
  readonly result?: string;
  readonly reason?: string;
  readonly severity?: string;
  readonly debugData?: Readonly<Record<string, string>>;
  readonly credentialType?: string;
  readonly authenticationProvider?: string;
}

const account = (person: Person) => person.accounts.okta ?? { uid: `00u${person.id}`, login: person.email };

/** A person as an actor or a target. */
export const userEntity = (person: Person) => ({
  id: account(person).uid,
  type: 'User',
  alternateId: person.email,
  displayName: `${person.givenName} ${person.familyName}`,
});

const entity = (prefix: string, type: string, displayName: string, alternateId: string | null = 'unknown') => ({
  id: oktaId(prefix, displayName),
  type,
  alternateId,
  displayName,
});

const targetPerson = (activity: Activity): Person => activity.target ?? activity.person;

/** What each kind of activity leaves in Okta’s log. */
export const STORIES: { readonly [kind in ActivityKind]?: (activity: Activity, random: Random) => Story } = {
  sign_in: (activity) => {
    const authenticators = activity.mfa ? ['Password', 'Okta Verify'] : ['Password'];
    return {
      eventType: 'user.session.start',
      displayMessage: 'User login to Okta',
      legacyEventType: 'core.user_auth.login_success',
      target: [
        ...authenticators.map((name) => entity('lae', 'AuthenticatorEnrollment', name)),
        entity('0oa', 'AppInstance', 'Okta Dashboard', 'Okta Dashboard'),
      ],
      requestUri: '/idp/idx/identify',
    };
  },
  sign_in_failed: (_activity, random) => ({
    eventType: 'user.session.start',
    displayMessage: 'User login to Okta',
    legacyEventType: 'core.user_auth.login_failed',
    target: null,
    requestUri: '/idp/idx/challenge/answer',
    result: 'FAILURE',
    reason: random.next() < 0.9 ? 'INVALID_CREDENTIALS' : 'VERIFICATION_ERROR',
    severity: 'WARN',
    debugData: { loginResult: 'INVALID_CREDENTIALS' },
  }),
  mfa_verified: (activity, random) => ({
    ...mfaStory(activity, random.pick(FACTORS)),
    legacyEventType: 'core.user.factor.attempt_success',
  }),
  mfa_denied: (activity, random) =>
    random.next() < 0.5
      ? {
          ...mfaStory(activity, 'OKTA_VERIFY_PUSH'),
          eventType: 'user.mfa.okta_verify.deny_push',
          displayMessage: 'User rejected Okta push verify',
          legacyEventType: 'core.user.mfa.okta_verify.deny_push',
          result: 'FAILURE',
          reason: 'User rejected Okta push verify',
          severity: 'WARN',
        }
      : {
          ...mfaStory(activity, random.pick(FACTORS)),
          legacyEventType: 'core.user.factor.attempt_fail',
          result: 'FAILURE',
          reason: 'INVALID_CREDENTIALS',
          severity: 'WARN',
        },
  sign_out: () => ({
    eventType: 'user.session.end',
    displayMessage: 'User logout from Okta',
    legacyEventType: 'core.user_auth.logout_success',
    target: null,
    requestUri: '/login/signout',
  }),
  read: (activity, random) => {
    const [name, signOnMode] = random.pick(APPS);
    const app = entity('0oa', 'AppInstance', name, name);
    const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
    return {
      eventType: 'user.authentication.sso',
      displayMessage: 'User single sign on to app',
      legacyEventType: 'app.auth.sso',
      target: [
        app,
        { ...userEntity(activity.person), id: oktaId('0ua', `${activity.person.id} ${name}`), type: 'AppUser' },
      ],
      requestUri: signOnMode === 'SAML 2.0' ? `/app/${slug}/${app.id}/sso/saml` : '/oauth2/v1/authorize',
      debugData: { initiationType: 'IDP_INITIATED', signOnMode },
    };
  },
  create_token: (activity) => ({
    eventType: 'system.api_token.create',
    displayMessage: 'Create API token',
    legacyEventType: 'api.token.create',
    target: [entity('00T', 'Token', `${activity.person.givenName.toLowerCase()}-automation`)],
    requestUri: '/api/internal/tokens',
  }),
  enroll_mfa: (activity, random) => {
    const factor = random.pick(FACTORS);
    return {
      eventType: 'user.mfa.factor.activate',
      displayMessage: 'Activate factor or authenticator enrollment for user',
      legacyEventType: 'core.user.factor.activate',
      target: [userEntity(activity.person)],
      requestUri: '/idp/idx/credential/enroll',
      reason: `User set up ${factor} factor`,
      debugData: { factor },
    };
  },
  reset_mfa: (activity) => {
    const user = userEntity(targetPerson(activity));
    return {
      eventType: 'user.mfa.factor.reset_all',
      displayMessage: 'Reset all factors for user',
      legacyEventType: 'core.user.factor.reset_all',
      target: [user],
      requestUri: `/api/v1/users/${user.id}/lifecycle/reset_factors`,
    };
  },
  reset_password: (activity) => {
    const user = userEntity(targetPerson(activity));
    return {
      eventType: 'user.account.reset_password',
      displayMessage: 'Fired when the user’s Okta password is reset',
      legacyEventType: 'core.user.config.user_status.password_reset',
      target: [user],
      requestUri: `/api/v1/users/${user.id}/lifecycle/reset_password`,
    };
  },
  grant_admin: (activity) => privilegeStory(activity, 'grant', 'Grant', 'granted'),
  revoke_admin: (activity) => privilegeStory(activity, 'revoke', 'Revoke', 'revoked'),
  create_user: (activity) => ({
    eventType: 'user.lifecycle.create',
    displayMessage: 'Create Okta user',
    legacyEventType: 'core.user.config.user_creation.success',
    target: [userEntity(targetPerson(activity))],
    requestUri: '/api/v1/users',
  }),
  deactivate_user: (activity) => {
    const user = userEntity(targetPerson(activity));
    return {
      eventType: 'user.lifecycle.deactivate',
      displayMessage: 'Deactivate Okta user',
      legacyEventType: 'core.user.config.user_deactivated.success',
      target: [user],
      requestUri: `/api/v1/users/${user.id}/lifecycle/deactivate`,
    };
  },
  disable_protection: (_activity, random) => {
    const name = random.pick(['Require MFA for admins', 'Any two factors', 'Block legacy clients', 'Contractors']);
    const policy = entity('00p', 'PolicyEntity', `${name} policy`);
    const policyRule = entity('0pr', 'PolicyRule', name, policy.id);
    return {
      eventType: 'policy.rule.deactivate',
      displayMessage: 'Deactivate policy rule',
      legacyEventType: 'policy.rule.deactivated',
      target: [{ ...policy, detailEntry: { policyType: 'OktaSignOn' } }, policyRule],
      requestUri: `/api/v1/policies/${policy.id}/rules/${policyRule.id}/lifecycle/deactivate`,
      severity: 'WARN',
    };
  },
};

function mfaStory(activity: Activity, factor: string) {
  return {
    eventType: 'user.authentication.auth_via_mfa',
    displayMessage: 'Authentication of user via MFA',
    target: [userEntity(activity.person)],
    requestUri: '/idp/idx/authenticators/poll',
    debugData: { factor, factorIntent: 'AUTHENTICATION' },
    credentialType: factor === 'FIDO_WEBAUTHN' ? 'WEB_AUTHN' : 'OTP',
    authenticationProvider: 'FACTOR_PROVIDER',
  };
}

function privilegeStory(activity: Activity, verb: string, title: string, past: string): Story {
  const user = userEntity(targetPerson(activity));
  const privileges = 'Super administrator';
  return {
    eventType: `user.account.privilege.${verb}`,
    displayMessage: `${title} user privilege`,
    legacyEventType: `core.user.admin_privilege.${past}`,
    target: [user, entity('ra', 'ROLE_ASSIGNED', privileges)],
    requestUri: `/api/v1/users/${user.id}/roles`,
    debugData: { privilegeGranted: privileges },
  };
}
