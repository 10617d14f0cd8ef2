import './datasetEditor.css';
import { render } from 'preact';
import type { DatasetEditorContract } from '../../src/protocol/datasetEditor';
import { connect } from '../shared/connect';
import { sendBeforeDrawing } from '../shared/sendBeforeDrawing';
import { Editor } from './editor';
import { EditorStore } from './editorStore';
import { followTyping } from './followTyping';

const root = document.getElementById('root');
if (root) {
  const store = new EditorStore(sendBeforeDrawing(connect<DatasetEditorContract>()));
  followTyping(store);
  render(<Editor store={store} />, root);
  store.start().catch((error: unknown) => (store.failure.value = error instanceof Error ? error.message : String(error)));
}
