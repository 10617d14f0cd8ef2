import * as vscode from 'vscode';
import type { WorkbenchCommand } from '../../protocol/editorCommand';
import type { DocumentEdit } from './document';

/** How long VS Code may take to ask for a step. Where it has none to go to, it never does. */
const longestMoveMs = 500;

/** Waits for VS Code to ask for a step, and then for the step. */
interface Waiter {
  readonly begun: () => void;
  readonly ended: () => void;
}

/** VS Code's own undo, redo and save of a document, one after another: it drops an undo that comes while another is on its way. */
export class StepCommands {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly waiters = new Set<Waiter>();
  private asked = 0;
  /** Such commands, up to this one, met the end of VS Code's stack. */
  private atEnd: { readonly command: WorkbenchCommand; readonly asked: number } | undefined;

  /** The step as VS Code gets it: whoever waits for it learns when it was gone through. */
  told({ label, undo, redo }: DocumentEdit): DocumentEdit {
    const telling = (work: () => Promise<void>) => async (): Promise<void> => {
      for (const waiter of this.waiters) waiter.begun();
      try {
        await work();
      } finally {
        for (const waiter of this.waiters) waiter.ended();
      }
    };
    return { label, undo: telling(undo), redo: telling(redo) };
  }

  /** Resolves once VS Code has done it, and could do the next: whether there was a step to go to. A key that is held on at the end of the stack does nothing. */
  run(command: WorkbenchCommand, longestMs = longestMoveMs): Promise<boolean> {
    const asked = ++this.asked;
    return this.inTurn(this.queue.then(async () => {
      if (command === this.atEnd?.command && asked <= this.atEnd.asked) return false;
      if (command === 'workbench.action.files.save') return vscode.commands.executeCommand(command).then(() => false);
      const moved = this.move(command, longestMs);
      await vscode.commands.executeCommand(command); // ends before VS Code asks for the step
      return moved;
    }));
  }

  /** VS Code was asked elsewhere; what comes next waits for it too. */
  follow(command: WorkbenchCommand): Promise<boolean> {
    const moved = this.move(command, longestMoveMs);
    return this.inTurn(this.queue.then(() => moved));
  }

  private inTurn(work: Promise<boolean>): Promise<boolean> {
    this.queue = work.catch(() => undefined); // told to the caller
    return work;
  }

  /** Resolves once VS Code has gone through a step, and could go through the next; false where it does not ask for one so long. */
  private async move(command: WorkbenchCommand, longestMs: number): Promise<boolean> {
    const hasMoved = await new Promise<boolean>(resolve => {
      const end = (moved: boolean) => (): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(moved);
      };
      const timer = setTimeout(() => end(false)(), longestMs);
      const waiter: Waiter = { begun: () => clearTimeout(timer), ended: end(true) };
      this.waiters.add(waiter);
    });
    if (!hasMoved) this.atEnd = { command, asked: this.asked };
    await new Promise(resolve => setImmediate(resolve)); // VS Code is answered first,
    await vscode.commands.executeCommand('setContext', 'pebr.hasUndoHistory', true); // and has taken the answer when this comes back
    return hasMoved;
  }
}
