/** The views that exist, in the order of the rail; `key` follows `g`. */
export const VIEWS = [{ name: 'Overview', path: '/', key: 'o' }] as const;
