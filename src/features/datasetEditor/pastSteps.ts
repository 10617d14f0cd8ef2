import * as vscode from 'vscode';
import type { DatasetDocument, DocumentEdit } from './document';
import type { StepCommands } from './stepCommands';

/** Steps that are told to VS Code between two turns of the event loop. */
const together = 250;
/** Steps that were taken back before the window closed, and can be done again in the next. */
const mostRedone = 500;

/** How long VS Code may take to ask for a step in a window that is just coming up. */
const longestMoveMs = 2000;

/**
 * VS Code's undo stack lives as long as its window; this builds it anew from what earlier windows did, so that the same keys step back through it.
 * The steps are done already: telling them changes nothing in the document.
 */
export class PastSteps {
  private telling: Promise<void> | undefined;
  /** VS Code is asked to take its place in the stack as saved. */
  private isMarking = false;
  /** VS Code is asked to move in its stack, and not the document with it. */
  private isMoving = false;

  constructor(
    private readonly document: DatasetDocument,
    private readonly panel: vscode.WebviewPanel,
    /** Tells VS Code of a step, or, without one, that the document is not saved. */
    private readonly tellOne: (step?: DocumentEdit) => void,
    private readonly commands: StepCommands,
  ) {}

  /** To be called when its page has come up: before that VS Code takes steps late, and does not find what it should save. Resolves once VS Code has the stack. */
  tell(): Promise<void> {
    this.telling ??= this.tellAll();
    return this.telling;
  }

  /** Saves, unless VS Code only takes its place in the stack as saved. */
  async saving(save: () => Promise<void>): Promise<void> {
    if (this.isMarking) return;
    await this.tell();
    await save();
  }

  private async tellAll(): Promise<void> {
    const { steps, position, savedAt } = this.document.past;
    const redone = steps.length - position <= mostRedone ? steps.slice(position) : [];
    const shown = [...steps.slice(0, position), ...redone];
    const saved = savedAt !== undefined && savedAt <= shown.length ? savedAt : undefined;
    for (const [place, step] of shown.entries()) {
      if (place === saved && place > 0) await this.markSaved();
      this.tellOne(this.silenced(step));
      if (place % together === together - 1) await new Promise(resolve => setImmediate(resolve));
    }
    if (saved === shown.length && saved > 0) await this.markSaved();
    if (redone.length > 0) await vscode.commands.executeCommand('setContext', 'pebr.hasUndoHistory', true); // answered once VS Code has taken the steps before it
    for (const step of [...redone].reverse()) await this.stepBack(step);
    if (this.document.unsavedCount > 0 && (saved === undefined || saved === position)) this.tellOne();
  }

  /** The files are as they were after the steps told so far: VS Code takes its place as saved, and nothing is written. */
  private async markSaved(): Promise<void> {
    const isEditedAsText = vscode.workspace.textDocuments.some(({ uri, isDirty }) => isDirty && uri.toString() === this.document.uri.toString());
    if (isEditedAsText) return;
    this.isMarking = true;
    try {
      for (let tries = 0; tries < 20 && !(await vscode.workspace.save(this.document.uri)); tries++) await new Promise(resolve => setTimeout(resolve, 100));
    } finally {
      this.isMarking = false;
    }
  }

  /** VS Code moves one step back in its stack. Where it does not, because the keyboard is elsewhere, taking back becomes a step of its own. */
  private async stepBack(step: DocumentEdit): Promise<void> {
    const hasMoved = this.panel.active && (await this.hasSteppedBack());
    if (!hasMoved) this.tellOne(this.silenced({ label: `Undo ${step.label}`, undo: step.redo, redo: step.undo }));
  }

  private async hasSteppedBack(): Promise<boolean> {
    this.isMoving = true;
    try {
      return await this.commands.run('undo', longestMoveMs);
    } finally {
      this.isMoving = false;
    }
  }

  private silenced({ label, undo, redo }: DocumentEdit): DocumentEdit {
    const unlessMoving = (work: () => Promise<void>) => async (): Promise<void> => {
      if (this.isMoving) return;
      await this.tell();
      await work();
    };
    return { label, undo: unlessMoving(undo), redo: unlessMoving(redo) };
  }
}
