import { ConfigError } from '../core/index.ts';
import { createLocalStore } from '../lake/index.ts';
import { type EvolutionState, evolve, loadEvaluationSet } from '../optimizer/index.ts';
import { defineCommand } from './command.ts';
import { generationRow, loadRun, policyRows, saveRun } from './darwin-store.ts';
import { existingDataFolder } from './data-folder.ts';
import { openLake, tableOf } from './lake-access.ts';
import { approvedPolicies } from './policies.ts';
import { createProgress } from './progress.ts';
import { appendRows } from './rows.ts';
import { tableText } from './table-text.ts';

export const evolveCommand = defineCommand({
  name: 'evolve',
  summary: 'Lets Darwin evolve access policies on the lake’s history: the same version and seed give the same front.',
  options: ['generations', 'population', 'seed', 'version', 'resume', 'data', 'json'],
  examples: ['beagle evolve --generations 30 --seed 7', 'beagle evolve --generations 60 --resume'],
  async run(config, _args, { stdout, stderr, logger, clock, stop }) {
    const folder = await existingDataFolder(config.data);
    const lake = await openLake(folder.lake, logger.warn);
    const state = createLocalStore(folder.state);
    const progress = createProgress(stderr);
    try {
      const saved = config.resume ? await loadRun(state, 'evolve') : null;
      if (config.resume && saved === null)
        throw new ConfigError('[evolve] there is no run to go on with; leave out --resume');
      if (config.population % 2 !== 0)
        throw new ConfigError(`[evolve] --population must be even, not ${config.population}`);
      const lakeVersion = config.version ?? saved?.lakeVersion ?? (await tableOf(lake, 'events').snapshot()).version;
      progress.show(`reading history at version ${lakeVersion}`);
      const set = await loadEvaluationSet(lake.query, { at: lakeVersion });
      if (set.count === 0)
        throw new ConfigError(
          '[evolve] the lake holds no events at this version; fill it with beagle up or beagle import',
        );
      const inForce = (await approvedPolicies(lake.query))[0]?.policy;
      const facts = { seed: config.seed, lakeVersion, population: config.population, atUs: clock() };
      const rows: ReturnType<typeof generationRow>[] = [];
      let lastMs = performance.now();
      const result = await evolve({
        set,
        generations: config.generations,
        seed: config.seed,
        population: config.population,
        signal: stop,
        ...(inForce === undefined ? {} : { baseline: inForce }),
        ...(saved === null ? {} : { resume: matching(saved.state, saved.lakeVersion, lakeVersion) }),
        onGeneration(step) {
          // The generation that a run is resumed at has its row already.
          if (step.generation !== saved?.state.darwin.generation)
            rows.push(generationRow(step, facts, performance.now() - lastMs));
          lastMs = performance.now();
          progress.show(
            `generation ${step.generation} of ${config.generations} · hypervolume ${step.hypervolume.toFixed(4)} · ${step.front.length} on the front`,
          );
        },
      });
      await saveRun(state, 'evolve', { lakeVersion, state: result.state });
      const last = { runId: result.runId, generation: result.generations, kneeId: result.kneeId };
      await appendRows(
        lake.store,
        tableOf(lake, 'policies'),
        policyRows(result.front, last, facts, inForce?.version ?? 0),
      );
      await appendRows(lake.store, tableOf(lake, 'generations'), rows);
      progress.end();
      const { generations, hypervolume, kneeId } = result;
      const front = result.front.map(({ policyId, objectives }) => ({ policyId, objectives }));
      if (config.json) stdout.write(`${JSON.stringify({ generations, hypervolume, front, kneeId })}\n`);
      else stdout.write(frontText(front, kneeId, hypervolume.at(-1) ?? 0));
    } finally {
      progress.end();
      await lake.query.close();
    }
  },
});

function matching(state: EvolutionState, savedAt: number, wanted: number): EvolutionState {
  if (savedAt === wanted) return state;
  throw new ConfigError(
    `[evolve] the run to go on with was measured on version ${savedAt}, not ${wanted}; leave out --version or --resume`,
  );
}

type Member = { policyId: string; objectives: { security: number; productivity: number; compliance: number } };

function frontText(front: readonly Member[], kneeId: string, hypervolume: number): string {
  const rows = front.map(({ policyId, objectives }) => [
    policyId === kneeId ? `${policyId} (knee)` : policyId,
    Number(objectives.security.toFixed(4)),
    Number(objectives.productivity.toFixed(2)),
    Number(objectives.compliance.toFixed(4)),
  ]);
  const table = tableText(['policy', 'attack impact left', 'minutes a user-week', 'control gaps'], rows);
  return `${table}${front.length} policies on the front, hypervolume ${hypervolume.toFixed(4)}; beagle policy show ${kneeId} explains the knee\n`;
}
