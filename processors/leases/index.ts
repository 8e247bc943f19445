export { createLeases, LEASE_MS, type Leases } from './leases.ts';
export { type Member, startMember } from './member.ts';
