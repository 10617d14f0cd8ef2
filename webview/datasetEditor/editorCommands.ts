import type { Signal } from '@preact/signals';
import type { EditorCommand } from '../../src/protocol/editorCommand';
import type { ViewportHandle } from '../shared/canvasViewport';
import { chooseOption } from './answerField';
import { boxCommands } from './boxCommands';
import type { EditorStore } from './editorStore';
import { focusField } from './focusField';
import { takeKeyWord } from './keyWords';
import { proposalCommands } from './proposalCommands';
import { showDoubts, takeMajority } from './responses';
import { selectAll } from './rowKeys';

/** What every command of the editor does; VS Code tells their names, and which of several things a key means. */
export function editorCommands(store: EditorStore, viewport: { readonly current: ViewportHandle | null }, isHelpShown: Signal<boolean>): Readonly<Record<EditorCommand, (place?: number) => void>> {
  return {
    previous: () => store.cursor.step(-1),
    next: () => store.cursor.step(1),
    find: () => store.fields.find(),
    nextToReview: () => void store.review.next(),
    accept: () => void store.review.decide('accepted'),
    reject: () => void store.review.decide('rejected'),
    chooseOption: place => chooseOption(store, place ?? 1),
    takeKeyWord: place => takeKeyWord(store, place ?? 1),
    takeMajority: () => void takeMajority(store),
    showDoubts: () => void showDoubts(store),
    secondPass: () => store.review.toggleBlind(),
    label: () => store.show('label'),
    grid: () => store.show('grid'),
    table: () => store.show('table'),
    selectAll: () => selectAll(store),
    ...boxCommands(store, viewport),
    ...proposalCommands(store),
    help: () => (isHelpShown.value = true),
    fit: () => viewport.current?.fit(),
    focusAnswer: () => focusField('answer-choice', 'answer'),
    focusKeyWords: () => focusField('key-word'),
  };
}
