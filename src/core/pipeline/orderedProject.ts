import type { StageOrder } from '../engines/trl';
import type { Project, StageConfig } from '../project/project';

/** The project with its RL stages in another order and the same total of steps; `trainer/pebr_trainer/order.py` does the same. Undefined where there are not two stages to order. */
export function orderedProject(project: Project, order: StageOrder): Project | undefined {
  if (order === 'two-stage') return project;
  const { stages } = project.pipeline;
  const ofKind = (kind: string): StageConfig | undefined => stages.find(stage => project.datasets.find(({ id }) => id === stage.dataset)?.stage === kind);
  const [perception, reasoning] = [ofKind('perception'), ofKind('reasoning')];
  if (!perception || !reasoning) return undefined;
  const withStages = (next: readonly StageConfig[]): Project => ({ ...project, pipeline: { ...project.pipeline, stages: next } });
  if (order === 'swapped') return withStages([...stages].reverse());
  const steps = stages.reduce((sum, stage) => sum + stage.steps, 0);
  const share = order === 'mixed' ? perception.steps / steps : 0; // a share of none: its held-out data is evaluated all the same
  const replay = { dataset: perception.dataset, difficulty: perception.difficulty, share, reward: perception.reward };
  return withStages([{ ...reasoning, ...(order === 'mixed' ? { name: 'mixed' } : {}), steps, replay }]);
}
