import type { Signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { keyCap, type KeyGroup, type KeyRow } from './keys';

const isMac = navigator.platform.startsWith('Mac');

interface HelpOverlayProps {
  readonly isShown: Signal<boolean>;
  readonly groups: readonly KeyGroup[];
  readonly changeKeys: () => void;
}

/** Every key of a panel with what it does. Escape closes it, and gives the focus back. Import `help.css`. */
export function HelpOverlay({ isShown, groups, changeKeys }: HelpOverlayProps): preact.JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (isShown.value) dialog.current?.showModal();
  }, [isShown.value]);
  if (!isShown.value) return <></>;
  return (
    <dialog
      ref={dialog} class="help" aria-labelledby="help-title"
      onClose={() => (isShown.value = false)}
      onKeyDown={event => !event.ctrlKey && !event.metaKey && event.stopPropagation()} // nothing is labeled behind it
      onClick={event => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="help-body">
        <header class="row">
          <h2 id="help-title" class="grow">Keys</h2>
          <button class="link" onClick={changeKeys}>Change keys…</button>
          <button class="icon-button" aria-label="Close (Esc)" title="Close (Esc)" onClick={() => dialog.current?.close()}><i class="codicon codicon-close" aria-hidden="true" /></button>
        </header>
        <div class="help-groups">
          {groups.map(({ title, rows }) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>{rows.map(row => <Row key={row.what} row={row} />)}</dl>
            </section>
          ))}
        </div>
      </div>
    </dialog>
  );
}

function Row({ row: { keys, what, command, alsoBy } }: { readonly row: KeyRow }): preact.JSX.Element {
  const caps = keys.length > 4 ? [`${keyCap(keys[0] ?? '', isMac)} – ${keyCap(keys.at(-1) ?? '', isMac)}`] : keys.map(key => keyCap(key, isMac));
  return (
    <div class="help-row">
      <dt>{caps.length === 0 ? <span class="dim">no key</span> : caps.map(cap => <kbd key={cap}>{cap}</kbd>)}</dt>
      <dd>{what}{command === undefined && <span class="dim"> · {alsoBy ? 'its commands take more keys' : 'fixed'}</span>}</dd>
    </div>
  );
}
