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
 * Somebody's session, in use a moment ago, goes on from another country, network and device: no sign-in, the same
 * session id, if possible in apps where it is known. The thief looks around, downloads, shares and leaves itself a
 * token.
 * Stages: use_session, collect, exfiltrate, persist.
 */
export function stolenSession(stage: Stage): Planned[] {
  const { company, random } = stage;
  const index = chooseVictim(stage, (person) => !person.isAdmin);
  if (index === null) return [];
  const before = prelude(stage, index, stage.startUs + 60e6 * stage.stretch);
  const thief = createAttacker(stage, [company.person(index)], 71);
  const attacker = { ...thief, sessionId: before.session.id };
  const script = createScript(stage);
  let atS = 1 + random.next();
  const wait = () => {
    atS += 0.6 + 1.2 * random.next();
    return atS;
  };
  const add = (name: string, kind: 'read' | 'download' | 'share' | 'create_token') => {
    const apps = shuffledApps(stage, kind);
    script.add({ stage: name, kind, index, attacker, atS: wait(), apps, prefer: before.session.usedIn, mfa: true });
  };
  for (let i = 2 + random.int(2); i > 0; i--) add('use_session', 'read');
  for (let i = 4 + random.int(5); i > 0; i--) add('collect', 'download');
  for (let i = 1 + random.int(2); i > 0; i--) add('exfiltrate', 'share');
  add('persist', 'create_token');
  return [...before.planned, ...script.planned];
}
