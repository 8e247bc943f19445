export type * from './activity.ts';
export { CAMPAIGN_KINDS, type CampaignKind, campaignKind, defaultCampaignEveryS } from './campaigns/schedule.ts';
export { addressIn, CITIES, distanceKm, HOSTING } from './cities.ts';
export { ACCOUNT_APPS, type Company, type CompanyOptions, createCompany, DOMAIN, type Facts } from './company.ts';
export { type DirectoryRow, directory } from './directory.ts';
export { isWorking, type Shift, shiftOf } from './hours.ts';
export { companySizeFor, createWorldStream, type GeneratedEvent, type WorldStreamOptions } from './stream.ts';
export { type Whereabouts, whereabouts } from './trips.ts';
