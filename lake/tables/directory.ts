import { optional, required } from './column.ts';
import type { TableDefinition } from './definition.ts';

export const DIRECTORY: TableDefinition = {
  name: 'directory',
  comment: 'People and their accounts, one row per account and version; the highest version is current.',
  columns: [
    required('person_id', 'string', 'The person.'),
    optional('name', 'string', 'Full name.'),
    optional('email', 'string', 'Work address.'),
    optional('role', 'string', 'Job title.'),
    optional('department', 'string', 'Department.'),
    required('is_admin', 'boolean', 'Whether the person administers any app.'),
    required('app', 'string', 'The app of the account.'),
    required('account_uid', 'string', 'The account’s own identifier in the app.'),
    optional('home_country', 'string', 'ISO 3166 country the person works from.'),
    optional('employed_from', 'timestamp', 'First moment of employment.'),
    optional('employed_to', 'timestamp', 'End of employment; null while employed.'),
    required('version', 'int', 'Version of the directory that the row belongs to.'),
  ],
  partitionBy: [],
};
