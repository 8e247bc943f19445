/** What happened, as a person would say it: app and the vendor's action → [done, not done]. */
type Phrase = readonly [string, string?];

const OKTA: Record<string, Phrase> = {
  'user.session.start': ['signed in', 'failed to sign in'],
  'user.session.end': ['signed out'],
  'user.authentication.auth_via_mfa': ['passed a second factor', 'failed a second factor'],
  'user.authentication.sso': ['opened an app', 'was refused an app'],
  'user.authentication.verify': ['proved who they are', 'failed to prove who they are'],
  'user.mfa.okta_verify.deny_push': ['denied a push'],
  'user.mfa.factor.activate': ['enrolled a second factor'],
  'user.mfa.factor.deactivate': ['removed a second factor'],
  'user.mfa.factor.reset_all': ['reset all second factors'],
  'user.mfa.factor.update': ['changed a second factor'],
  'system.mfa.factor.activate': ['approved a device'],
  'system.push.send_factor_verify_push': ['was sent a push'],
  'user.account.lock': ['was locked out'],
  'user.account.unlock': ['was unlocked'],
  'user.account.reset_password': ['reset a password'],
  'user.account.update_password': ['changed their password', 'failed to change their password'],
  'user.account.privilege.grant': ['granted admin rights'],
  'user.account.privilege.revoke': ['took admin rights away'],
  'user.lifecycle.create': ['created a user'],
  'user.lifecycle.activate': ['activated a user'],
  'user.lifecycle.deactivate': ['deactivated a user'],
  'user.lifecycle.suspend': ['suspended a user'],
  'group.user_membership.add': ['added someone to a group'],
  'group.user_membership.remove': ['removed someone from a group'],
  'system.api_token.create': ['created an API token'],
  'system.api_token.revoke': ['revoked an API token'],
  'policy.lifecycle.update': ['changed a policy'],
  'policy.lifecycle.deactivate': ['turned a policy off'],
  'policy.rule.update': ['changed a policy rule'],
  'policy.rule.deactivate': ['turned a policy rule off'],
  'app.auth.sso': ['opened an app', 'was refused an app'],
  'policy.evaluate_sign_on': ['met the sign-on policy', 'was stopped by the sign-on policy'],
  'application.user_membership.add': ['was given an app'],
};

const GITHUB: Record<string, Phrase> = {
  'user.login': ['signed in', 'failed to sign in'],
  'user.failed_login': ['failed to sign in'],
  'user.logout': ['signed out'],
  'user.two_factor_requested': ['was asked for a second factor'],
  'user.two_factor_challenge_success': ['passed a second factor'],
  'user.two_factor_challenge_failure': ['failed a second factor'],
  'two_factor_authentication.enabled': ['enrolled a second factor'],
  'two_factor_authentication.disabled': ['removed a second factor'],
  'org.sso_response': ['signed in', 'failed to sign in'],
  'org.add_member': ['added a member'],
  'org.remove_member': ['removed a member'],
  'org.update_member': ['changed a member’s role'],
  'org.invite_member': ['invited a member'],
  'org.disable_two_factor_requirement': ['stopped requiring a second factor'],
  'git.clone': ['cloned a repository'],
  'git.fetch': ['fetched from a repository'],
  'git.push': ['pushed to a repository'],
  'repo.create': ['created a repository'],
  'repo.destroy': ['deleted a repository'],
  'repo.access': ['changed who sees a repository'],
  'repo.add_member': ['gave access to a repository'],
  'repo.download_zip': ['downloaded a repository'],
  'personal_access_token.create': ['created an access token'],
  'two_factor_authentication.add_factor': ['enrolled a second factor'],
  'two_factor_authentication.remove_factor': ['removed a second factor'],
  'business.add_admin': ['granted admin rights'],
  'business.remove_admin': ['took admin rights away'],
  'business.sso_response': ['signed in', 'failed to sign in'],
  'organization_role.assign': ['gave someone a role'],
  'organization_role.revoke': ['took a role away'],
  'team.add_member': ['added someone to a team'],
  'team.remove_member': ['removed someone from a team'],
  'user.reset_password': ['reset a password'],
  'user.change_password': ['changed their password'],
  'user.promote': ['granted admin rights'],
  'user.demote': ['took admin rights away'],
  'user.suspend': ['suspended a user'],
  'user.unsuspend': ['brought a suspended user back'],
  'repository_ruleset.destroy': ['removed a repository’s rules'],
  'secret_scanning_push_protection.bypass': ['pushed a secret past its protection'],
  'oauth_authorization.create': ['authorised an app'],
  'audit_log_streaming.destroy': ['stopped the audit log'],
  'pull_request_review.submit': ['reviewed a pull request'],
  'workflows.completed_workflow_run': ['finished a workflow'],
  'personal_access_token.access_granted': ['was granted an access token'],
  'oauth_access.create': ['authorised an app'],
  'public_key.create': ['added an SSH key'],
  'protected_branch.destroy': ['removed branch protection'],
  'protected_branch.policy_override': ['overrode branch protection'],
  'pull_request.create': ['opened a pull request'],
  'pull_request.merge': ['merged a pull request'],
};

const SLACK: Record<string, Phrase> = {
  user_login: ['signed in', 'failed to sign in'],
  user_login_failed: ['failed to sign in'],
  user_logout: ['signed out'],
  user_created: ['created a user'],
  user_deactivated: ['deactivated a user'],
  user_reactivated: ['reactivated a user'],
  file_downloaded: ['downloaded a file'],
  file_uploaded: ['uploaded a file'],
  file_shared: ['shared a file'],
  file_download_blocked: ['was stopped from downloading a file'],
  file_public_link_created: ['made a public link to a file'],
  file_deleted: ['deleted a file'],
  user_channel_leave: ['left a channel'],
  user_session_reset_by_admin: ['reset a user’s sessions'],
  user_session_invalidated: ['was signed out by Slack'],
  user_password_reset_requested: ['asked for a new password'],
  cli_login: ['signed in on the command line', 'failed to sign in'],
  guest_created: ['invited a guest'],
  role_assigned: ['gave someone a role'],
  role_removed: ['took a role away'],
  app_uninstalled: ['removed an app'],
  app_scopes_expanded: ['gave an app more rights'],
  'pref.sso_setting_changed': ['changed the single-sign-on rule'],
  public_channel_created: ['created a channel'],
  private_channel_created: ['created a private channel'],
  user_channel_join: ['joined a channel'],
  role_change_to_admin: ['granted admin rights'],
  role_change_to_owner: ['granted owner rights'],
  role_change_to_user: ['took admin rights away'],
  app_installed: ['installed an app'],
  app_approved: ['approved an app'],
  app_token_preserved: ['kept an app’s token'],
  pref_two_factor_auth_changed: ['changed the second-factor rule'],
  'pref.two_factor_auth_changed': ['changed the second-factor rule'],
  manual_export_started: ['started an export'],
};

const AWS: Record<string, Phrase> = {
  ConsoleLogin: ['signed in to the console', 'failed to sign in to the console'],
  AssumeRole: ['took on a role', 'was refused a role'],
  AssumeRoleWithSAML: ['signed in with single sign-on', 'failed to sign in'],
  AssumeRoleWithWebIdentity: ['signed in with a web identity', 'failed to sign in'],
  GetSessionToken: ['opened a session'],
  GetCallerIdentity: ['asked who they are'],
  CheckMfa: ['was asked for a second factor'],
  EnableMFADevice: ['enrolled a second factor'],
  DeactivateMFADevice: ['removed a second factor'],
  CreateAccessKey: ['created an access key'],
  DeleteAccessKey: ['deleted an access key'],
  CreateLoginProfile: ['gave a user a password'],
  UpdateLoginProfile: ['reset a user’s password'],
  ChangePassword: ['changed their password'],
  CreateUser: ['created a user'],
  DeleteUser: ['deleted a user'],
  AttachUserPolicy: ['granted rights to a user'],
  DetachUserPolicy: ['took rights away from a user'],
  PutUserPolicy: ['wrote a user’s rights'],
  AttachRolePolicy: ['granted rights to a role'],
  AddUserToGroup: ['added someone to a group'],
  RemoveUserFromGroup: ['removed someone from a group'],
  GetObject: ['read an object'],
  PutObject: ['wrote an object'],
  GetSecretValue: ['read a secret'],
  StopLogging: ['stopped the audit log'],
  DeleteTrail: ['deleted the audit log'],
  PutBucketPolicy: ['changed who may read a bucket'],
};

const PHRASES: Record<string, Record<string, Phrase>> = { okta: OKTA, github: GITHUB, slack: SLACK, aws: AWS };

/** Verb phrase for an event; an action that no table knows becomes words by itself. Text only, never markup. */
export function inWords(app: string, action: string, status: string): string {
  const table = Object.hasOwn(PHRASES, app) ? PHRASES[app] : undefined;
  const phrase = table && Object.hasOwn(table, action) ? table[action] : undefined;
  const failed = status === 'failure';
  if (phrase) return failed ? (phrase[1] ?? `${phrase[0]} (failed)`) : phrase[0];
  const words = fromAction(action);
  return failed ? `${words} (failed)` : words;
}

const IRREGULAR: Record<string, string> = {
  get: 'read',
  put: 'wrote',
  set: 'set',
  send: 'sent',
  begin: 'began',
  run: 'ran',
  read: 'read',
  write: 'wrote',
  give: 'gave',
  take: 'took',
  reset: 'reset',
  login: 'signed in',
  logout: 'signed out',
  list: 'listed',
  stop: 'stopped',
  tag: 'tagged',
  transfer: 'transferred',
};

/** `DescribeInstances` → `described instances`; `app.rule.delete` → `deleted app rule`; `file_opened` → `opened file`. */
function fromAction(action: string): string {
  const isCamel = /^[A-Z][a-z]+[A-Z]/.test(action);
  const words = action
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s._:/-]+/)
    .filter((word) => word !== '')
    .map((word) => (/^[A-Z\d]+$/.test(word) && word.length > 1 ? word : word.toLowerCase()))
    .slice(0, 12);
  if (words.length === 0) return 'did something unnamed';
  const verb = (isCamel ? words[0] : words.at(-1)) ?? '';
  const rest = isCamel ? words.slice(1) : words.slice(0, -1);
  return [past(verb), ...rest].join(' ');
}

function past(verb: string): string {
  if (Object.hasOwn(IRREGULAR, verb)) return IRREGULAR[verb] ?? verb;
  if (/(ed|ion|ing|ure|ess)$/.test(verb) || !/^[a-z]+$/.test(verb)) return verb;
  if (verb.endsWith('e')) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return `${verb}ed`;
}
