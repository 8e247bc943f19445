import { CLASS } from '../../core/index.ts';
import { oldest, SESSIONS_MAX, type Session } from '../person.ts';
import type { Draft, Step } from './step.ts';

/** The session's age, and whether it goes on from another network than the one it started on. */
export const signalSessionMoved: Step = ({ draft, person, atUs }) => {
  if (person === null || draft.session_uid === null) return;
  const session = find(person.sessions, draft.app, draft.session_uid) ?? open(person.sessions, draft, atUs);
  const network = networkOf(draft);
  // A second factor shows who is there: the session is as good as new.
  if (draft.class_uid === CLASS.authentication && draft.status === 'success' && draft.mfa === true) {
    session.startUs = Math.max(session.startUs, atUs);
  }
  draft.session_age_s = Math.max(0, Math.round((atUs - session.startUs) / 1_000_000));
  draft.s_session_moved = network !== null && session.network !== null && network !== session.network ? 1 : 0;
  session.network ??= network;
  if (atUs > session.lastUs) session.lastUs = atUs;
};

function find(sessions: readonly Session[], app: string, uid: string): Session | undefined {
  for (const session of sessions) if (session.uid === uid && session.app === app) return session;
  return undefined;
}

function open(sessions: Session[], { app, session_uid }: Draft, atUs: number): Session {
  if (sessions.length >= SESSIONS_MAX) sessions.splice(oldest(sessions), 1);
  const session = { app, uid: session_uid ?? '', startUs: atUs, lastUs: atUs, network: null };
  sessions.push(session);
  return session;
}

/** The autonomous system, else the address's /16 (IPv4) or /32 (IPv6): a person's own network rarely changes it. */
function networkOf(draft: Draft): number | string | null {
  if (draft.src_asn !== null) return draft.src_asn;
  if (draft.src_ip === null) return null;
  return draft.src_ip.split(draft.src_ip.includes(':') ? ':' : '.', 2).join('.');
}
