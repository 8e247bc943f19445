import type { Random } from '../../../core/index.ts';
import type { Activity, Generator } from '../../world/activity.ts';
import { fingerprint, oktaId, sessionText, uuid } from './ids.ts';
import { STORIES, type Story, userEntity } from './stories.ts';

const OS_PLATFORM = { 'Mac OS X': 'OSX', 'Windows 11': 'WINDOWS', Linux: 'LINUX', iOS: 'IOS', Android: 'ANDROID' };

/** Okta Verify reports only devices that it is registered on: here those that the company manages. */
function deviceOf({ device }: Activity): object | null {
  if (!device.managed) return null;
  return {
    id: oktaId('guo', device.uid),
    name: `${device.os} ${device.uid}`,
    os_platform: OS_PLATFORM[device.os],
    managed: true,
    registered: true,
    screen_lock_type: 'BIOMETRIC',
    secure_hardware_present: true,
  };
}

function placeOf({ city }: Activity): object {
  return {
    city: city.city,
    state: city.region,
    country: city.countryName,
    geolocation: { lat: city.lat, lon: city.lon },
  };
}

function debugDataOf(activity: Activity, story: Story, requestId: string): object {
  return {
    ...story.debugData,
    requestId,
    deviceFingerprint: fingerprint(activity.device.uid),
    requestUri: story.requestUri,
    threatSuspected: 'false',
  };
}

/** A LogEvent, as GET /api/v1/logs gives it; members that repeat others (url, the places of ipChain) are left out. */
function generate(activity: Activity, random: Random): object {
  const { person, device, ip, city, kind } = activity;
  const story = STORIES[kind]?.(activity, random);
  if (!story) throw new RangeError(`[ingest/okta] no native event for ${kind}; see habits and also`);
  const requestId = random.hex(32);
  const externalSessionId = kind === 'sign_in_failed' ? 'unknown' : sessionText(activity.sessionId);
  return {
    actor: userEntity(person),
    client: {
      userAgent: { rawUserAgent: device.userAgent, os: device.os, browser: device.browser },
      zone: 'null',
      device: device.os === 'iOS' || device.os === 'Android' ? 'Mobile' : 'Computer',
      id: null,
      ipAddress: ip,
      geographicalContext: placeOf(activity),
    },
    device: deviceOf(activity),
    authenticationContext: {
      authenticationProvider: story.authenticationProvider ?? null,
      credentialProvider: story.authenticationProvider ? 'OKTA_CREDENTIAL_PROVIDER' : null,
      credentialType: story.credentialType ?? null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      externalSessionId,
    },
    displayMessage: story.displayMessage,
    eventType: story.eventType,
    outcome: { result: story.result ?? 'SUCCESS', reason: story.reason ?? null },
    published: new Date(Math.floor(activity.atUs / 1000)).toISOString(),
    securityContext: { asNumber: city.asn, asOrg: city.asOrg, isp: city.asOrg, domain: '.', isProxy: false },
    severity: story.severity ?? 'INFO',
    debugContext: { debugData: debugDataOf(activity, story, requestId) },
    legacyEventType: story.legacyEventType,
    transaction: { type: 'WEB', id: requestId, detail: {} },
    uuid: uuid(random),
    version: '0',
    request: { ipChain: [{ ip, version: 'V4', source: null }] },
    target: story.target,
  };
}

/** Okta’s native events for what people do: it is where the company’s people sign in. */
export const oktaGenerator: Generator = {
  app: 'okta',
  habits: { sign_in: 12, sign_in_failed: 1, mfa_verified: 8, sign_out: 6, read: 60, enroll_mfa: 0.05 },
  also: [
    'mfa_denied',
    'reset_mfa',
    'reset_password',
    'grant_admin',
    'revoke_admin',
    'create_user',
    'deactivate_user',
    'create_token',
    'disable_protection',
  ],
  generate,
};
