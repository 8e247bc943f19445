import { z } from 'zod';
import { softBoolean, softObject, softText } from '../lenient.ts';

const text = z.string().nullish();

/** An actor or a target of Okta’s System Log API; `type` is open: User, AppInstance, SystemPrincipal, UserGroup … */
const actor = z.object({ id: text, type: text, alternateId: text, displayName: softText });
const target = softObject({ id: softText, type: softText, alternateId: softText, displayName: softText });

/**
 * The LogEvent of Okta’s System Log API (GET /api/v1/logs), as far as it is read. Every event has the members
 * `uuid`, `published`, `eventType`, `version`, `severity`, `displayMessage`, `actor`, `client`, `device`, `outcome`,
 * `target`, `transaction`, `debugContext`, `legacyEventType`, `authenticationContext`, `securityContext` and
 * `request`, many of them null; exporters leave some out. Only `eventType` must be there. A wrong type in what says
 * who, what, when and with which outcome is a fault; elsewhere it counts as missing.
 */
const logEvent = z.object({
  uuid: text,
  published: z.union([z.string(), z.number()]).nullish(),
  eventType: z.string().min(1),
  severity: softText,
  actor: actor.nullish(),
  outcome: z.object({ result: text, reason: text }).nullish(),
  target: z.array(target).nullish().catch(null),
  client: softObject({
    ipAddress: softText,
    userAgent: softObject({ rawUserAgent: softText, os: softText }),
  }),
  /** Known only where Okta Verify runs on the device. */
  device: softObject({ id: softText, os_platform: softText, managed: softBoolean }),
  authenticationContext: softObject({ externalSessionId: softText, authenticationProvider: softText }),
  debugContext: softObject({ debugData: softObject({ deviceFingerprint: softText, signOnMode: softText }) }),
});

export type OktaLogEvent = z.infer<typeof logEvent>;
export type OktaTarget = NonNullable<NonNullable<OktaLogEvent['target']>[number]>;

/** Names of members that `map` reads, by their lower-case form: some exporters lower-case all keys. */
const CANONICAL = new Map(
  [
    ...['eventType', 'alternateId', 'displayName', 'ipAddress', 'userAgent', 'rawUserAgent', 'authenticationContext'],
    ...['externalSessionId', 'authenticationProvider', 'debugContext', 'debugData', 'deviceFingerprint', 'signOnMode'],
  ].map((name) => [name.toLowerCase(), name]),
);

/** Deepest member that `map` reads: debugContext.debugData.signOnMode, target[0].id. */
const DEPTH_MAX = 3;

/** A copy whose keys are Okta’s own, for an event whose keys were lower-cased; other keys stay as they are. */
function canonicalise(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((item) => canonicalise(item, depth + 1));
  const entries = Object.entries(value).map(([key, member]) => [
    CANONICAL.get(key) ?? key,
    canonicalise(member, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Accepts Okta’s LogEvent, and the same with lower-cased keys. */
export const oktaSchema = z.preprocess((native) => {
  const isLowerCased =
    typeof native === 'object' && native !== null && !Object.hasOwn(native, 'eventType') && 'eventtype' in native;
  return isLowerCased ? canonicalise(native, 0) : native;
}, logEvent);
