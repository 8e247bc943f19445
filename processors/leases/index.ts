export { createLeases } from './leases.ts';
export { type Member, startMember } from './member.ts';
