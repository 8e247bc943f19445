import {
  chooseVictim,
  createAttacker,
  createScript,
  type Planned,
  prelude,
  type Stage,
  shuffledApps,
} from './campaign.ts';

const MAX_TARGETS = 60;
const MIN_TARGETS = 20;

/**
 * One address tries one password on 20 to 60 people within 15 to 25 s, in the app where people sign in and now and
 * then in another, and gets in as one of them. It then reads, downloads and leaves itself a token.
 * Stages: spray, take_over, collect, persist.
 */
export function passwordSpray(stage: Stage): Planned[] {
  const { company, roster, random, startUs, repertoire } = stage;
  const victim = chooseVictim(stage, (person) => !person.isAdmin);
  if (victim === null) return [];
  const attacker = createAttacker(stage, [company.person(victim)], 70);
  const script = createScript(stage);
  const targets = new Set<number>();
  const wanted = MIN_TARGETS + random.int(MAX_TARGETS - MIN_TARGETS + 1);
  for (let tries = 0; tries < 8 * MAX_TARGETS && targets.size < wanted; tries++) {
    const index = random.int(company.people);
    if (roster.isEmployed(index, startUs) && index !== victim) targets.add(index);
  }
  const spanS = 15 + 9 * random.next();
  const order = [...targets];
  order.splice(Math.floor(order.length * 0.9), 0, victim);
  const others = repertoire.withKind('sign_in_failed').slice(1);
  order.forEach((index, i) => {
    const apps = others.length > 0 && index !== victim && random.next() < 0.1 ? [random.pick(others)] : undefined;
    const atS = (spanS * (i + random.next() * 0.8)) / order.length;
    script.add({ stage: 'spray', kind: 'sign_in_failed', index, attacker, atS, ...(apps && { apps }) });
  });
  takeOver(stage, script, victim, attacker, spanS + 2);
  return [...prelude(stage, victim, script.endUs).planned, ...script.planned];
}

function takeOver(
  stage: Stage,
  script: ReturnType<typeof createScript>,
  index: number,
  attacker: ReturnType<typeof createAttacker>,
  beginS: number,
): void {
  const { random } = stage;
  let atS = beginS;
  const wait = () => {
    atS += 0.5 + random.next();
    return atS;
  };
  script.add({ stage: 'take_over', kind: 'sign_in', index, attacker, atS });
  for (let i = 3 + random.int(3); i > 0; i--) {
    script.add({ stage: 'collect', kind: 'read', index, attacker, atS: wait(), apps: shuffledApps(stage, 'read') });
  }
  for (let i = 3 + random.int(4); i > 0; i--) {
    const apps = shuffledApps(stage, 'download');
    script.add({ stage: 'collect', kind: 'download', index, attacker, atS: wait(), apps });
  }
  const apps = shuffledApps(stage, 'create_token');
  script.add({ stage: 'persist', kind: 'create_token', index, attacker, atS: wait(), apps });
}
