/** What a department does: roles from many to few, and how much its people use an app beside the average of 1. */
export interface Department {
  readonly name: string;
  readonly weight: number;
  readonly roles: readonly string[];
  readonly use: Readonly<Record<string, number>>;
}

const NO_CODE = { github: 0.03, aws: 0.02 };

export const DEPARTMENTS: readonly Department[] = [
  {
    name: 'Engineering',
    weight: 34,
    roles: ['Software Engineer', 'Senior Software Engineer', 'Site Reliability Engineer', 'Engineering Manager'],
    use: { github: 1.6, aws: 1.4 },
  },
  { name: 'Data', weight: 8, roles: ['Data Engineer', 'Analyst', 'Data Scientist'], use: { github: 1, aws: 1.5 } },
  { name: 'Product', weight: 8, roles: ['Product Manager', 'Designer', 'Researcher'], use: { github: 0.4, aws: 0.05 } },
  { name: 'Security', weight: 3, roles: ['Security Engineer', 'Compliance Analyst'], use: { github: 0.8, aws: 1.2 } },
  { name: 'IT', weight: 4, roles: ['Systems Administrator', 'Help Desk Specialist'], use: { github: 0.3, aws: 0.6 } },
  { name: 'Sales', weight: 16, roles: ['Account Executive', 'Sales Engineer', 'Sales Manager'], use: NO_CODE },
  { name: 'Support', weight: 12, roles: ['Support Specialist', 'Support Engineer'], use: { github: 0.2, aws: 0.1 } },
  { name: 'Marketing', weight: 6, roles: ['Marketing Manager', 'Content Writer'], use: NO_CODE },
  { name: 'Finance', weight: 5, roles: ['Accountant', 'Controller'], use: NO_CODE },
  { name: 'People', weight: 4, roles: ['Recruiter', 'People Partner'], use: NO_CODE },
];

export const IT_DEPARTMENT = DEPARTMENTS.findIndex((department) => department.name === 'IT');

/** How much people of a department use an app; apps that nobody has heard of are used by all alike. */
export function useOf(department: number, app: string): number {
  return DEPARTMENTS[department]?.use[app] ?? 1;
}
