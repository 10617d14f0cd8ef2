import { useEffect } from 'preact/hooks';
import { isTextField } from '../shared/isTextField';
import type { EditorStore } from './editorStore';

/** Copy, cut and paste of the page mean boxes, unless text is being edited or is selected: then they are the browser's own. */
export function useBoxClipboard(store: EditorStore): void {
  useEffect(() => {
    const isText = (): boolean => isTextField(document.activeElement) || (document.getSelection()?.isCollapsed ?? true) === false;
    const copy = (event: ClipboardEvent): void => {
      const text = isText() ? undefined : store.clipboard.copy();
      if (text === undefined) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      if (event.type === 'cut') store.boxes.removeSelected();
    };
    const paste = (event: ClipboardEvent): void => {
      if (isTextField(document.activeElement)) return;
      event.preventDefault();
      store.clipboard.paste(event.clipboardData?.getData('text/plain'));
    };
    document.addEventListener('copy', copy);
    document.addEventListener('cut', copy);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', copy);
      document.removeEventListener('paste', paste);
    };
  }, [store]);
}
