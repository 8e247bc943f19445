import {
  chooseVictim,
  createAttacker,
  createScript,
  type Planned,
  prelude,
  type Stage,
  shuffledApps,
} from './campaign.ts';

/**
 * An attacker has the help desk's password: signs in as an administrator, resets a colleague's second factor,
 * enrols a new one as the colleague from another address, signs in with it, makes the colleague's account an
 * administrator and switches protections off.
 * Stages: help_desk, reset_mfa, enroll_mfa, take_over, grant_admin, disable_protection, collect.
 */
export function adminAfterMfaReset(stage: Stage): Planned[] {
  const { company, roster, random, startUs, repertoire } = stage;
  const victim = chooseVictim(stage, (person) => !person.isAdmin);
  const admins = roster.admins.filter((index) => index > 0 && roster.isEmployed(index, startUs));
  if (victim === null || admins.length === 0) return [];
  const admin = random.pick(admins);
  const [helpDesk, target] = [company.person(admin), company.person(victim)];
  const first = createAttacker(stage, [target, helpDesk], 72);
  // Another address of the same hosting network, with another browser.
  const second = { ...createAttacker(stage, [target, helpDesk], 73), city: first.city, ip: neighbour(first.ip) };
  const script = createScript(stage);
  let atS = 0.5;
  const wait = (base: number) => {
    atS += base * (1 + random.next());
    return atS;
  };
  const asAdmin = { index: admin, attacker: first };
  const asVictim = { index: victim, attacker: second, mfa: true };
  script.add({ ...asAdmin, stage: 'help_desk', kind: 'sign_in', atS: wait(0.5) });
  script.add({ ...asAdmin, stage: 'help_desk', kind: 'read', atS: wait(0.5) });
  script.add({ ...asAdmin, stage: 'reset_mfa', kind: 'reset_mfa', atS: wait(1), target });
  script.add({ ...asVictim, stage: 'enroll_mfa', kind: 'enroll_mfa', atS: wait(1.5), target, mfa: false });
  script.add({ ...asVictim, stage: 'take_over', kind: 'sign_in', atS: wait(0.7) });
  script.add({ ...asVictim, stage: 'take_over', kind: 'mfa_verified', atS: wait(0.3) });
  for (const app of repertoire.withKind('grant_admin').slice(0, 2)) {
    script.add({ ...asAdmin, stage: 'grant_admin', kind: 'grant_admin', atS: wait(1), target, apps: [app] });
  }
  for (const app of repertoire.withKind('disable_protection').slice(0, 6)) {
    script.add({ ...asVictim, stage: 'disable_protection', kind: 'disable_protection', atS: wait(1), apps: [app] });
  }
  for (let i = 2 + random.int(3); i > 0; i--) {
    const apps = shuffledApps(stage, 'download');
    script.add({ ...asVictim, stage: 'collect', kind: 'download', atS: wait(0.8), apps });
  }
  return [...prelude(stage, victim, script.endUs).planned, ...script.planned];
}

/** Another host of the same /24. */
function neighbour(ip: string): string {
  const at = ip.lastIndexOf('.');
  const host = Number(ip.slice(at + 1));
  return `${ip.slice(0, at)}.${host > 125 ? host - 60 : host + 60}`;
}
