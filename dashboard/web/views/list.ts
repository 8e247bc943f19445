/** The views that exist, in the order of the rail; `key` follows `g`. */
export const VIEWS = [
  { name: 'Overview', path: '/', key: 'o' },
  { name: 'Live', path: '/live', key: 'l' },
  { name: 'People', path: '/people', key: 'p' },
  { name: 'Findings', path: '/findings', key: 'f' },
  { name: 'Policies', path: '/policies', key: 'y' },
  { name: 'Pipeline', path: '/pipeline', key: 'i' },
] as const;
