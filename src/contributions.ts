import type { Reuse } from './core/engines/trl';
import type { ShareFormatName } from './core/rollouts/share/shareFormat';
import type { RolloutQuestion } from './core/rollouts/rolloutQuestion';
import type { RowQuery } from './core/query/rowQuery';
import type { SamplePlace, SampleRef } from './core/dataset/sample';
import type { StageKind } from './core/project/project';
import type { Score } from './core/rewards/score';
import type { AlarmId } from './core/runs/alarms';

/** Where the playground starts; every field is optional, what is missing is asked there. */
export interface PlaygroundRequest {
  /** Absolute path of a reward file. */
  readonly reward?: string;
  readonly sample?: SampleRef;
  /** Folder of a run whose stored rollouts are scored. */
  readonly runFolder?: string;
  readonly stage?: string;
  readonly group?: string;
}

/** One response and the reward that is to look at it. */
export interface ResponseRequest {
  /** Absolute path of a reward file. */
  readonly reward: string;
  readonly sample: SampleRef;
  readonly response: string;
  /** Tokens of the response, where known. */
  readonly tokens?: number;
}

/** A response that becomes a case, with the score that it must keep. */
export interface CaseRequest extends ResponseRequest {
  /** Name of the case; asked for where it is missing. */
  readonly name?: string;
  readonly score: Score;
}

/** Where the rollouts panel starts. */
export interface RolloutsRequest {
  readonly runFolder: string;
  readonly stage?: string;
  readonly group?: string;
  readonly sampleId?: string;
  /** Place of a response in the group. */
  readonly index?: number;
  /** What is asked; stage and sample are chips of it. */
  readonly query?: RolloutQuestion;
}

/** Rollouts to export. What is missing is asked; a group or a question only says what the panel shows. */
export interface RolloutExportRequest {
  readonly runFolder: string;
  readonly group?: string;
  readonly query?: RolloutQuestion;
  /** With it nothing is asked but the file: the group where one is named, else all that answer. */
  readonly format?: ShareFormatName;
  /** Absolute. */
  readonly file?: string;
}

/** Rollouts that another tool wrote: for key bindings, other parts of the product and tests. What is missing is asked. */
export interface RolloutFileRequest {
  /** Absolute path of a file or folder. */
  readonly path: string;
  /** Folder of the run that they are to be part of; '' opens them by themselves. */
  readonly attachTo?: string;
}

/** What to train without being asked: for key bindings and tests. Nothing given means that the person is asked. */
export interface TrainRequest {
  readonly seed?: number;
  /** Path into `pebr.json` → value, such as `pipeline.stages.0.steps` → 4. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Folder of the project; asked for where there are several. */
  readonly project?: string;
  readonly reuse?: Reuse;
  /** Only these stages. */
  readonly stages?: readonly string[];
  /** Whether the panel of the run opens; it does unless this is false. */
  readonly opensRun?: boolean;
}

/** Goes on with a run with other values than it recorded: path into its configuration → value. */
export interface ResumeRequest {
  readonly runFolder: string;
  readonly set: Readonly<Record<string, string | number | boolean | null>>;
}

/** A node of a project's pipeline; what is missing is asked. */
export interface PipelinePlace {
  /** Folder of the project. */
  readonly project?: string;
  readonly node?: string;
}

/** Ablations to start one after the other, without questions. */
export interface AblationRequest {
  readonly project?: string;
  readonly ids: readonly string[];
}

/** Runs that are drawn in the charts of one, without questions. */
export interface CompareRunsRequest {
  readonly runFolder: string;
  readonly others: readonly string[];
}

/** An export of a run's metrics, without questions. */
export interface ExportMetricsRequest {
  readonly runFolder: string;
  readonly to: 'tensorboard' | 'wandb' | 'trackio';
  /** Absolute. */
  readonly folder: string;
}

/** An export without questions: for key bindings, other parts of the product and tests. What is missing is asked. */
export interface ExportRequest {
  /** Id of a dataset. */
  readonly datasetId?: string;
  /** Absolute path of a JSONL file, instead of a dataset. */
  readonly file?: string;
  /** Rows by their qid; all where absent. */
  readonly qids?: readonly string[];
  readonly to?: string;
  /** Absolute. */
  readonly folder?: string;
  readonly name?: string;
  readonly container?: string;
  readonly frame?: string;
  readonly images?: string;
  readonly leaveOut?: boolean;
  readonly force?: boolean;
}

/** An import without questions: for other parts of the product and tests. What is missing is asked. */
export interface ImportDatasetRequest {
  /** Absolute path of a file or folder. */
  readonly path: string;
  readonly format?: string;
  readonly frame?: string;
  readonly stage?: StageKind;
  /** Absolute path of the JSONL file; with it nothing is asked. */
  readonly out?: string;
}

/** Names a saved view. */
export interface ViewRef {
  readonly datasetId: string;
  readonly name: string;
}

/** The query that becomes a view; its name is asked for where it is missing. */
export interface SaveViewRequest {
  readonly datasetId: string;
  readonly query: RowQuery;
  readonly name?: string;
}

/** What to compare: the file as it is with a revision of it. What is missing is asked. */
export interface CompareRequest {
  readonly datasetId?: string;
  /** Absolute path of a JSONL file, instead of a dataset. */
  readonly file?: string;
  /** A commit, branch or tag. */
  readonly from?: string;
}

/** Every command with its arguments, once; the manifest is compared with this by a test. */
export interface CommandArgs {
  'pebr.project.create': [];
  'pebr.project.openConfig': [];
  'pebr.project.openSample': [];
  'pebr.dataset.open': [dataset?: string | { readonly datasetId: string; readonly query?: RowQuery }];
  'pebr.dataset.refresh': [];
  'pebr.dataset.lint': [];
  'pebr.dataset.lintImages': [];
  'pebr.difficulty.open': [dataset?: string | { readonly datasetId: string }];
  'pebr.difficulty.route': [dataset?: string | { readonly datasetId: string }];
  'pebr.dataset.import': [request?: ImportDatasetRequest];
  'pebr.dataset.export': [request?: ExportRequest];
  'pebr.dataset.compare': [request?: CompareRequest];
  'pebr.view.open': [view?: ViewRef];
  'pebr.view.save': [request: SaveViewRequest];
  'pebr.view.rename': [view: ViewRef];
  'pebr.view.delete': [view: ViewRef];
  'pebr.sample.open': [sample: SamplePlace];
  'pebr.editor.previousSample': [];
  'pebr.editor.nextSample': [];
  'pebr.editor.drawBox': [];
  'pebr.editor.deleteBox': [];
  'pebr.editor.renameBox': [];
  'pebr.editor.setLabel': [place?: number];
  'pebr.editor.chooseOption': [place?: number];
  'pebr.editor.takeKeyWord': [place?: number];
  'pebr.editor.takeMajority': [];
  'pebr.editor.showDoubts': [];
  'pebr.editor.secondPass': [];
  'pebr.editor.nextDrawMode': [];
  'pebr.editor.selectAllBoxes': [];
  'pebr.editor.nextBoxHere': [];
  'pebr.editor.copyBoxes': [];
  'pebr.editor.pasteBoxes': [];
  'pebr.editor.duplicateBoxes': [];
  'pebr.editor.copyPreviousBoxes': [];
  'pebr.editor.moveBoxLeft': [];
  'pebr.editor.moveBoxRight': [];
  'pebr.editor.moveBoxUp': [];
  'pebr.editor.moveBoxDown': [];
  'pebr.editor.moveBoxFarLeft': [];
  'pebr.editor.moveBoxFarRight': [];
  'pebr.editor.moveBoxFarUp': [];
  'pebr.editor.moveBoxFarDown': [];
  'pebr.editor.resizeBoxLeft': [];
  'pebr.editor.resizeBoxRight': [];
  'pebr.editor.resizeBoxUp': [];
  'pebr.editor.resizeBoxDown': [];
  'pebr.editor.hideBoxes': [];
  'pebr.editor.zoomToBox': [];
  'pebr.editor.help': [];
  'pebr.editor.fitImage': [];
  'pebr.editor.focusAnswer': [];
  'pebr.editor.focusKeyWords': [];
  'pebr.editor.goToSample': [];
  'pebr.editor.find': [];
  'pebr.editor.nextToReview': [];
  'pebr.editor.accept': [];
  'pebr.editor.reject': [];
  'pebr.editor.proposeBoxes': [];
  'pebr.editor.acceptProposal': [];
  'pebr.editor.rejectProposal': [];
  'pebr.editor.acceptProposals': [];
  'pebr.editor.rejectProposals': [];
  'pebr.editor.nextProposal': [];
  'pebr.editor.nextWithProposals': [];
  'pebr.editor.chooseProposalModel': [];
  'pebr.editor.showLabel': [];
  'pebr.editor.showGrid': [];
  'pebr.editor.showTable': [];
  'pebr.reward.open': [path?: string];
  'pebr.reward.new': [];
  'pebr.reward.debug': [request?: ResponseRequest];
  'pebr.reward.addCase': [request: CaseRequest];
  'pebr.reward.runCases': [path?: string];
  'pebr.reward.checkGold': [path?: string];
  'pebr.reward.attack': [path?: string];
  'pebr.playground.open': [request?: PlaygroundRequest];
  'pebr.endpoint.setKey': [];
  'pebr.training.start': [request?: TrainRequest];
  'pebr.training.stop': [runFolder?: string];
  'pebr.training.resume': [run?: string | ResumeRequest];
  'pebr.training.setUpPython': [];
  'pebr.pipeline.open': [folder?: string];
  'pebr.pipeline.runAll': [project?: string];
  'pebr.pipeline.runFrom': [place?: PipelinePlace];
  'pebr.pipeline.runNode': [place?: PipelinePlace];
  'pebr.pipeline.explain': [place?: PipelinePlace];
  'pebr.pipeline.ablations': [request?: string | AblationRequest];
  'pebr.pipeline.stopAblations': [project?: string];
  'pebr.pipeline.compareAblations': [project?: string];
  'pebr.run.open': [runFolder?: string];
  'pebr.run.report': [runFolder?: string];
  'pebr.run.reveal': [runFolder?: string];
  'pebr.report.saveHtml': [];
  'pebr.report.saveMarkdown': [];
  'pebr.report.openInBrowser': [];
  'pebr.run.compare': [run?: string | CompareRunsRequest];
  'pebr.run.exportMetrics': [run?: string | ExportMetricsRequest];
  'pebr.rollouts.open': [request?: RolloutsRequest];
  'pebr.rollouts.openFile': [request?: RolloutFileRequest];
  'pebr.rollouts.export': [request?: RolloutExportRequest];
  'pebr.rollouts.share': [];
  'pebr.rollouts.copyLink': [];
  'pebr.rollouts.peek': [sample?: SamplePlace];
  'pebr.link.copy': [view: RolloutsRequest];
  'pebr.rollouts.nextGroup': [];
  'pebr.rollouts.previousGroup': [];
  'pebr.rollouts.nextResponse': [];
  'pebr.rollouts.previousResponse': [];
  'pebr.rollouts.fixGold': [];
  'pebr.rollouts.tag': [];
  'pebr.rollouts.toWarmUp': [];
  'pebr.rollouts.exclude': [];
  'pebr.rollouts.moveStage': [];
  'pebr.rollouts.makeCase': [];
  'pebr.rollouts.playground': [];
  'pebr.rollouts.rescore': [];
  'pebr.rollouts.openLog': [];
  'pebr.rollouts.otherSteps': [];
  'pebr.rollouts.compare': [];
  'pebr.rollouts.tokens': [];
  'pebr.rollouts.images': [];
  'pebr.rollouts.showNew': [];
  'pebr.rollouts.find': [];
  'pebr.rollouts.help': [];
  'pebr.log.show': [];
}

export type CommandId = keyof CommandArgs;

export const commandIds: readonly CommandId[] = [
  'pebr.project.create', 'pebr.project.openConfig', 'pebr.project.openSample',
  'pebr.dataset.open', 'pebr.dataset.refresh', 'pebr.dataset.lint', 'pebr.dataset.lintImages', 'pebr.difficulty.open', 'pebr.difficulty.route', 'pebr.dataset.import', 'pebr.dataset.export', 'pebr.dataset.compare', 'pebr.sample.open',
  'pebr.view.open', 'pebr.view.save', 'pebr.view.rename', 'pebr.view.delete',
  'pebr.editor.previousSample', 'pebr.editor.nextSample', 'pebr.editor.drawBox', 'pebr.editor.deleteBox', 'pebr.editor.renameBox',
  'pebr.editor.setLabel', 'pebr.editor.nextDrawMode', 'pebr.editor.selectAllBoxes', 'pebr.editor.nextBoxHere', 'pebr.editor.copyBoxes', 'pebr.editor.pasteBoxes',
  'pebr.editor.duplicateBoxes', 'pebr.editor.copyPreviousBoxes', 'pebr.editor.hideBoxes', 'pebr.editor.zoomToBox', 'pebr.editor.help',
  'pebr.editor.moveBoxLeft', 'pebr.editor.moveBoxRight', 'pebr.editor.moveBoxUp', 'pebr.editor.moveBoxDown',
  'pebr.editor.moveBoxFarLeft', 'pebr.editor.moveBoxFarRight', 'pebr.editor.moveBoxFarUp', 'pebr.editor.moveBoxFarDown',
  'pebr.editor.resizeBoxLeft', 'pebr.editor.resizeBoxRight', 'pebr.editor.resizeBoxUp', 'pebr.editor.resizeBoxDown',
  'pebr.editor.fitImage', 'pebr.editor.focusAnswer', 'pebr.editor.focusKeyWords', 'pebr.editor.goToSample', 'pebr.editor.chooseOption', 'pebr.editor.takeKeyWord', 'pebr.editor.takeMajority', 'pebr.editor.showDoubts', 'pebr.editor.secondPass',
  'pebr.editor.find', 'pebr.editor.nextToReview', 'pebr.editor.accept', 'pebr.editor.reject',
  'pebr.editor.proposeBoxes', 'pebr.editor.acceptProposal', 'pebr.editor.rejectProposal', 'pebr.editor.acceptProposals', 'pebr.editor.rejectProposals', 'pebr.editor.nextProposal', 'pebr.editor.nextWithProposals', 'pebr.editor.chooseProposalModel',
  'pebr.editor.showLabel', 'pebr.editor.showGrid', 'pebr.editor.showTable',
  'pebr.reward.open', 'pebr.reward.new', 'pebr.reward.debug', 'pebr.reward.addCase', 'pebr.reward.runCases', 'pebr.reward.checkGold', 'pebr.reward.attack',
  'pebr.playground.open', 'pebr.endpoint.setKey',
  'pebr.training.start', 'pebr.training.stop', 'pebr.training.resume', 'pebr.training.setUpPython',
  'pebr.pipeline.open', 'pebr.pipeline.runAll', 'pebr.pipeline.runFrom', 'pebr.pipeline.runNode', 'pebr.pipeline.explain', 'pebr.pipeline.ablations', 'pebr.pipeline.stopAblations', 'pebr.pipeline.compareAblations',
  'pebr.run.open', 'pebr.run.report', 'pebr.run.reveal', 'pebr.report.saveHtml', 'pebr.report.saveMarkdown', 'pebr.report.openInBrowser', 'pebr.run.compare', 'pebr.run.exportMetrics', 'pebr.rollouts.open', 'pebr.rollouts.openFile',
  'pebr.rollouts.export', 'pebr.rollouts.share', 'pebr.rollouts.copyLink', 'pebr.rollouts.peek', 'pebr.link.copy',
  'pebr.rollouts.nextGroup', 'pebr.rollouts.previousGroup', 'pebr.rollouts.nextResponse', 'pebr.rollouts.previousResponse', 'pebr.rollouts.fixGold', 'pebr.rollouts.tag', 'pebr.rollouts.toWarmUp',
  'pebr.rollouts.exclude', 'pebr.rollouts.moveStage', 'pebr.rollouts.makeCase', 'pebr.rollouts.playground', 'pebr.rollouts.rescore', 'pebr.rollouts.openLog', 'pebr.rollouts.otherSteps',
  'pebr.rollouts.compare', 'pebr.rollouts.tokens', 'pebr.rollouts.images', 'pebr.rollouts.showNew', 'pebr.rollouts.find', 'pebr.rollouts.help',
  'pebr.log.show',
];

export const viewIds = {
  perception: 'pebr.perception',
  reasoning: 'pebr.reasoning',
  rewards: 'pebr.rewards',
  runs: 'pebr.runs',
} as const;

/** View type of the custom editor on dataset files. */
export const datasetEditorType = 'pebr.datasetEditor';

/** Settings and their types. */
export interface Settings {
  'pebr.python.path': string;
  'pebr.rewards.deadlineMs': number;
  'pebr.rewards.memoryMb': number;
  'pebr.clip.model': string;
  /** Kinds of alarms that raise no notification. */
  'pebr.alarms.muted': readonly AlarmId[];
  'pebr.proposals.model': string;
  'pebr.endpoint.url': string;
  'pebr.endpoint.model': string;
  'pebr.datasetText.codeLens': boolean;
  'pebr.datasetText.hover': boolean;
  'pebr.datasetText.difficulty': boolean;
  'pebr.labeling.by': string;
  'pebr.engine.workers': number;
  'pebr.engine.address': string;
  'pebr.engine.python': string;
  'pebr.engine.folder': string;
  'pebr.engine.fork': 'easyr1' | 'pebr-r1';
  'pebr.engine.nodes': number;
  'pebr.engine.gpus': number;
}

/** Context keys that `when` clauses of the manifest read. */
export interface ContextKeys {
  'pebr.hasProject': boolean;
  'pebr.isTyping': boolean;
  'pebr.isTraining': boolean;
  /** Paths of files that are rewards whatever their name: those that a project names, and open Python files with `compute_score`. */
  'pebr.rewardFiles': readonly string[];
}
