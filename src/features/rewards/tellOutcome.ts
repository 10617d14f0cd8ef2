import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { caseDiff } from '../../core/rewards/cases/checkCase';
import type { ScoreError } from '../../core/rewards/score';
import { type CaseOutcome, isPassed } from '../../platform/rewards/runCases';

/** Shows an outcome in the Test Explorer: a difference as a diff at the case's line, a failure of the reward where it was thrown. */
export function tellOutcome(run: vscode.TestRun, test: vscode.TestItem, outcome: CaseOutcome, ms?: number): void {
  const { placed } = outcome;
  const told = 'fault' in outcome ? [outcome.fault] : outcome.differences.map(each => each.message);
  run.appendOutput([`${isPassed(outcome) ? '✓' : '✗'} ${placed.name}`, ...told.map(each => `    ${each}`), ''].join('\r\n').replace(/(?<!\r)\n/g, '\r\n'), undefined, test);
  if (isPassed(outcome)) return run.passed(test, ms);
  const atCase = new vscode.Location(vscode.Uri.file(placed.file), new vscode.Position(placed.line - 1, 0));
  if ('fault' in outcome) return run.errored(test, messageAt(outcome.fault, atCase), ms);
  const { score, differences } = outcome;
  const words = differences.map(each => each.message).join('\n');
  if (score.error) return run.errored(test, messageAt(score.error.stack ? `${words}\n${score.error.stack}` : words, locationOf(score.error) ?? atCase), ms);
  const { expected, actual } = caseDiff(placed, score);
  const message = vscode.TestMessage.diff(words, expected, actual);
  message.location = atCase;
  run.failed(test, message, ms);
}

/** Why a case could not be run at all: where the reward does not load, at its line. */
export function messageOfFailure(error: unknown): vscode.TestMessage {
  return messageAt(errorInWords(error), AppError.is(error, 'reward.failed') ? locationOf(error.details) : undefined);
}

function messageAt(text: string, location: vscode.Location | undefined): vscode.TestMessage {
  const message = new vscode.TestMessage(text);
  message.location = location;
  return message;
}

function locationOf({ file, line, column }: Pick<ScoreError, 'file' | 'line' | 'column'>): vscode.Location | undefined {
  return file === undefined || line === undefined ? undefined : new vscode.Location(vscode.Uri.file(file), new vscode.Position(line - 1, Math.max(0, (column ?? 1) - 1)));
}
