import { ConfigError } from '../core/index.ts';
import { createLocalStore, EVENTS, type Query, tableAt } from '../lake/index.ts';
import { assessPolicy, explainPolicy, explanationLines, loadEvaluationSet } from '../optimizer/index.ts';
import { defineCommand } from './command.ts';
import { existingDataFolder } from './data-folder.ts';
import { openLakeQuery } from './lake-access.ts';
import { approvedPolicies, findPolicy, type StoredPolicy } from './policies.ts';

export const policyShow = defineCommand({
  name: 'policy show',
  summary: 'Explains a policy in words and numbers, against the one in force; the newest knee when no id is given.',
  args: ['[ID]'],
  options: ['data', 'version', 'json'],
  examples: ['beagle policy show', 'beagle policy show v1', 'beagle policy show 3fa9'],
  async run(config, [id], { stdout, clock }) {
    const folder = await existingDataFolder(config.data);
    const query = await openLakeQuery(folder.lake);
    try {
      const found = await (id === undefined ? newestKnee(query) : findPolicy(query, id));
      if (found === null)
        throw new ConfigError(
          `[policy show] there is no policy ${id ?? 'yet'}; see beagle policy list, or let beagle evolve find some`,
        );
      const inForce = (await approvedPolicies(query))[0] as StoredPolicy;
      const events = tableAt(createLocalStore(folder.lake), EVENTS, { clock });
      const at =
        config.version ??
        (found.row.lake_version == null ? (await events.snapshot()).version : Number(found.row.lake_version));
      const set = await loadEvaluationSet(query, { at });
      const assessment = assessPolicy(set, found.policy);
      const other = { policy: inForce.policy, assessment: assessPolicy(set, inForce.policy) };
      const explanation = explainPolicy(found.policy, assessment, other);
      const { policyId, version, status, policy } = found;
      if (config.json) {
        stdout.write(
          `${JSON.stringify({ policyId, version, status, lakeVersion: at, against: inForce.policyId, ...assessment, explanation, policy })}\n`,
        );
        return;
      }
      const { security, productivity, compliance } = assessment.objectives;
      stdout.write(
        [
          `Policy ${policyId} (${status}${version === null ? '' : `, version ${version}`}), replayed on ${set.events} events of lake version ${at}, against ${inForce.policyId} (in force)`,
          '',
          `attack impact left   ${(security * 100).toFixed(1)} %`,
          `friction             ${productivity.toFixed(2)} min a user-week`,
          `control gaps         ${(compliance * 100).toFixed(1)} %`,
          '',
          ...explanationLines(explanation),
          '',
        ].join('\n'),
      );
    } finally {
      await query.close();
    }
  },
});

async function newestKnee(query: Query): Promise<StoredPolicy | null> {
  const { rows } = await query.sql('SELECT policy_id FROM policies WHERE is_knee ORDER BY created_at DESC LIMIT 1');
  return rows[0] === undefined ? null : findPolicy(query, String(rows[0].policy_id));
}
