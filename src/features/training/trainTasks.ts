import * as path from 'node:path';
import * as vscode from 'vscode';
import { presets } from '../../core/launch/presets';
import type { ProjectService } from '../../host/projectService';

/** An entry of `tasks.json`: `{"type": "pebr", "preset": "short", "seed": 1, "set": {"pipeline.stages.0.steps": 4}}`. */
interface TrainTask extends vscode.TaskDefinition {
  readonly type: 'pebr';
  /** Folder of the project; the only one where it is left out. */
  readonly project?: string;
  readonly preset?: string;
  readonly seed?: number;
  readonly set?: Readonly<Record<string, unknown>>;
}

/** Training as a task: `pebr train` in a terminal, a task for each preset. The terminal's end is the run's end; the run panel follows it like any other. */
export function registerTrainTasks(context: vscode.ExtensionContext, projects: ProjectService): vscode.Disposable {
  const cli = path.join(context.extensionPath, 'dist', 'cli.js');
  const taskOf = (definition: TrainTask, folder: string, scope: vscode.Task['scope']): vscode.Task => {
    const args = [
      cli, 'train', '--project', definition.project ?? folder,
      ...(definition.preset === undefined ? [] : ['--preset', definition.preset]),
      ...(definition.seed === undefined ? [] : ['--seed', String(definition.seed)]),
      ...Object.entries(definition.set ?? {}).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]),
    ];
    const execution = new vscode.ProcessExecution(process.execPath, args, { cwd: folder, env: { ELECTRON_RUN_AS_NODE: '1' } }); // this very Node, or Electron as Node
    const name = `train ${definition.preset ?? 'as in pebr.json'}`;
    return new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, 'pebr', execution);
  };
  return vscode.tasks.registerTaskProvider('pebr', {
    provideTasks: async () => (await projects.usable()).flatMap(({ folder }) => presets.filter(({ id }) => id === 'project' || id === 'short').map(({ id }) => taskOf({ type: 'pebr', preset: id }, folder, vscode.TaskScope.Workspace))),
    resolveTask: async task => {
      const [only] = await projects.usable();
      return only ? taskOf(task.definition as TrainTask, only.folder, task.scope) : undefined;
    },
  });
}
