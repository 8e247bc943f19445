import type { Company } from './company.ts';

/** One account of one person: a row of the `directory` table. */
export interface DirectoryRow {
  readonly person_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly department: string;
  readonly is_admin: boolean;
  readonly app: string;
  readonly account_uid: string;
  /** ISO 3166-1 alpha-2 */
  readonly home_country: string;
  /** µs since 1970 */
  readonly employed_from: number;
  /** µs since 1970; null while employed. */
  readonly employed_to: number | null;
}

/** The company's directory: one row per account, by person and then by app; made one at a time. */
export function* directory(company: Company): Generator<DirectoryRow, void, undefined> {
  for (let index = 0; index < company.people; index++) {
    const person = company.person(index);
    for (const [app, account] of Object.entries(person.accounts)) {
      yield {
        person_id: person.id,
        name: `${person.givenName} ${person.familyName}`,
        email: person.email,
        role: person.role,
        department: person.department,
        is_admin: person.isAdmin,
        app,
        account_uid: account.uid,
        home_country: person.home.country,
        employed_from: person.joinedUs,
        employed_to: person.leftUs,
      };
    }
  }
}
