import type { Random } from '../../../core/index.ts';
import type { Activity, ActivityKind, Generator, Person } from '../../world/activity.ts';
import { createDerived } from '../derived.ts';

const REPOSITORIES = [
  ...['web-app', 'mobile-app', 'api-gateway', 'billing-service', 'identity-service', 'data-pipeline', 'search'],
  ...['infrastructure', 'terraform-modules', 'design-system', 'docs', 'ci-templates', 'ml-models', 'sdk-python'],
  ...['sdk-typescript', 'security-tooling', 'customer-portal', 'notifications', 'analytics', 'runbooks'],
] as const;

const BRANCHES = ['main', 'develop', 'release/2026.1', 'feature/settings', 'fix/flaky-tests'] as const;

const GIT = 'git/2.46.0';

type Members = Readonly<Record<string, unknown>>;

/** What one kind adds to the members that every entry has. */
interface Story {
  readonly action: string;
  readonly operation_type: string;
  readonly members: Members;
  /** Set for Git and API traffic, which no browser sends. */
  readonly user_agent?: string;
}

const derivedNumber = createDerived<number>('github');
const derivedToken = createDerived<string>('github token');
const derivedTransport = createDerived<boolean>('github transport');

/** A number that belongs to a name for ever, as GitHub’s ids do. */
const numberOf = (name: string): number => derivedNumber(name, (random) => 1_000_000 + random.int(180_000_000));

const login = (person: Person): string => person.accounts.github?.uid ?? person.email;

const userMembers = (person: Person): Members => ({ user: login(person), user_id: numberOf(login(person)) });

const organisation = (person: Person): string =>
  person.email.slice(person.email.indexOf('@') + 1).split('.')[0] ?? 'org';

function repository(activity: Activity, random: Random): Members & { readonly repo: string } {
  const repo = `${organisation(activity.person)}/${random.pick(REPOSITORIES)}`;
  return { repo, repo_id: numberOf(repo), public_repo: false };
}

/** SHA-256 of a token or key, in Base64: the same person’s is the same. */
const hashedToken = (person: Person): string =>
  derivedToken(person.id, (random) => Buffer.from(random.hex(64), 'hex').toString('base64'));

function gitStory(activity: Activity, random: Random, action: string): Story {
  const { repo, repo_id } = repository(activity, random);
  const ssh = derivedTransport(activity.device.uid, (random) => random.next() < 0.6);
  return {
    action,
    operation_type: action === 'git.push' ? 'modify' : 'access',
    user_agent: GIT,
    members: {
      ...userMembers(activity.person),
      repo,
      repo_id,
      repository: repo,
      repository_public: false,
      transport_protocol: ssh ? 2 : 1,
      transport_protocol_name: ssh ? 'ssh' : 'http',
      programmatic_access_type: ssh ? 'Public SSH key' : 'Personal access token (classic)',
      hashed_token: hashedToken(activity.person),
      ...(ssh ? {} : { token_id: numberOf(`token ${activity.person.id}`), token_scopes: 'read:org,repo' }),
    },
  };
}

const webStory = (action: string, operation_type: string, members: Members): Story => ({
  action,
  operation_type,
  members,
});

function pullRequestStory(activity: Activity, random: Random, action: string): Story {
  const repo = repository(activity, random);
  const number = 1 + random.int(4000);
  return webStory(action, action === 'pull_request.create' ? 'create' : 'modify', {
    ...userMembers(activity.person),
    ...repo,
    pull_request_id: numberOf(`pull request ${repo.repo} ${number}`),
    pull_request_title: `Change ${number}`,
    pull_request_url: `https://github.com/${repo.repo}/pull/${number}`,
  });
}

function write(activity: Activity, random: Random): Story {
  const draw = random.next();
  if (draw < 0.6) return gitStory(activity, random, 'git.push');
  if (draw < 0.75) return pullRequestStory(activity, random, 'pull_request.create');
  if (draw < 0.9) return pullRequestStory(activity, random, 'pull_request.merge');
  return pullRequestStory(activity, random, 'pull_request_review.submit');
}

function read(activity: Activity, random: Random): Story {
  if (random.next() < 0.75) return gitStory(activity, random, 'git.fetch');
  const repo = repository(activity, random);
  return {
    ...webStory('api.request', 'access', {
      ...userMembers(activity.person),
      ...repo,
      request_method: 'GET',
      route: random.pick(['/repositories/:repository_id/pulls', '/repositories/:repository_id/commits']),
      url_path: `/repos/${repo.repo}/pulls`,
      status_code: 200,
      rate_limit_remaining: 4000 + random.int(1000),
      programmatic_access_type: 'OAuth access token',
      hashed_token: hashedToken(activity.person),
      token_scopes: 'gist,read:org,repo',
    }),
    user_agent: 'GitHub CLI 2.55.0',
  };
}

function download(activity: Activity, random: Random): Story {
  if (random.next() < 0.85) return gitStory(activity, random, 'git.clone');
  const members = { ...userMembers(activity.person), ...repository(activity, random) };
  return webStory('repo.download_zip', 'access', members);
}

function share(activity: Activity, random: Random): Story {
  const repo = repository(activity, random);
  if (activity.target === null) {
    const members = { ...userMembers(activity.person), ...repo, public_repo: true };
    return webStory('repo.access', 'modify', { ...members, visibility: 'public', previous_visibility: 'private' });
  }
  return webStory('repo.add_member', 'create', { ...userMembers(activity.target), ...repo, permission: 'write' });
}

function disableProtection(activity: Activity, random: Random): Story {
  const repo = repository(activity, random);
  const branch = random.pick(BRANCHES);
  return random.pick([
    webStory('protected_branch.destroy', 'remove', { ...repo, name: branch, admin_enforced: true }),
    webStory('repository_ruleset.destroy', 'remove', { ...repo, ruleset_name: branch, ruleset_enforcement: 'enabled' }),
    webStory('repository_secret_scanning_push_protection.disable', 'modify', {
      ...repo,
      ...userMembers(activity.person),
    }),
    webStory('org.disable_two_factor_requirement', 'modify', {}),
  ]);
}

const memberStory = (activity: Activity, action: string, operation_type: string, members: Members = {}): Story =>
  webStory(action, operation_type, { ...userMembers(activity.target ?? activity.person), ...members });

const STORIES: { readonly [kind in ActivityKind]?: (activity: Activity, random: Random) => Story } = {
  sign_in: (activity) =>
    memberStory({ ...activity, target: null }, 'org.sso_response', 'authentication', {
      issuer: `https://${organisation(activity.person)}.okta.com`,
      sso_url: `https://github.com/orgs/${organisation(activity.person)}/saml/consume`,
    }),
  sign_in_failed: (activity) => memberStory({ ...activity, target: null }, 'user.failed_login', 'authentication'),
  read,
  write,
  download,
  share,
  create_token: (activity, random) =>
    memberStory({ ...activity, target: null }, 'personal_access_token.create', 'create', {
      user_programmatic_access_name: random.pick(['ci', 'local-dev', 'backup', 'dashboard']),
      repository_selection: 'all',
    }),
  enroll_mfa: (activity, random) =>
    memberStory({ ...activity, target: null }, 'two_factor_authentication.add_factor', 'create', {
      factor: random.pick(['app', 'security_key', 'mobile']),
    }),
  grant_admin: (activity) =>
    memberStory(activity, 'org.update_member', 'modify', { permission: 'admin', old_permission: 'read' }),
  revoke_admin: (activity) =>
    memberStory(activity, 'org.update_member', 'modify', { permission: 'read', old_permission: 'admin' }),
  create_user: (activity) => memberStory(activity, 'org.add_member', 'create', { permission: 'read' }),
  deactivate_user: (activity) => memberStory(activity, 'org.remove_member', 'remove', { membership_types: ['member'] }),
  disable_protection: disableProtection,
};

/** An entry as the enterprise’s audit log streams it, with the source address switched on. */
function generate(activity: Activity, random: Random): object {
  const { person, kind } = activity;
  const story = STORIES[kind]?.(activity, random);
  if (!story) throw new RangeError(`[ingest/github] no native event for ${kind}; see habits and also`);
  const org = organisation(person);
  const atMs = Math.floor(activity.atUs / 1000);
  return {
    '@timestamp': atMs,
    _document_id: Buffer.from(random.hex(32), 'hex').toString('base64url'),
    action: story.action,
    actor: login(person),
    actor_id: numberOf(login(person)),
    actor_ip: activity.ip,
    actor_is_bot: false,
    actor_location: { country_code: activity.city.country },
    business: org,
    business_id: numberOf(`business ${org}`),
    created_at: atMs,
    external_identity_nameid: person.email,
    external_identity_username: login(person),
    operation_type: story.operation_type,
    org,
    org_id: numberOf(`org ${org}`),
    request_id: random
      .hex(20)
      .toUpperCase()
      .replace(/(.{4})/g, '$1:')
      .slice(0, -1),
    user_agent: story.user_agent ?? activity.device.userAgent,
    ...story.members,
  };
}

/** GitHub’s native events for what people do: they sign in through the company’s SAML provider and work with Git. */
export const githubGenerator: Generator = {
  app: 'github',
  habits: { sign_in: 3, read: 50, write: 30, download: 4, share: 0.1, create_token: 0.1, enroll_mfa: 0.02 },
  also: ['sign_in_failed', 'grant_admin', 'revoke_admin', 'create_user', 'deactivate_user', 'disable_protection'],
  generate,
};
