import type * as vscode from 'vscode';
import type { DisposableStore } from '../core/lifecycle';
import type { BlindPasses } from './blindPasses';
import type { DatasetService } from './datasetService';
import type { LintService } from './lintService';
import type { ProjectService } from './projectService';
import type { RewardResults } from './rewardResults';
import type { RewardService } from './rewardService';

/** What a feature is given; built once in `extension.ts`. A feature owns what it adds to `lifetime`. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly lifetime: DisposableStore;
  readonly projects: ProjectService;
  readonly datasets: DatasetService;
  readonly lint: LintService;
  readonly rewards: RewardService;
  readonly results: RewardResults;
  readonly blind: BlindPasses;
}
