/** After OCSF's user.type_id: a person, an administrator, the vendor itself, a machine. */
export type ActorType = 'user' | 'admin' | 'system' | 'service' | 'unknown';
