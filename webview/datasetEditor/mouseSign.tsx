/** A sign in a row of a list that does by the mouse what a key does to the row: readers and keys have the row, which can hold no button for them. */
export function MouseSign({ icon, title, run }: { readonly icon: string; readonly title: string; readonly run: () => void }): preact.JSX.Element {
  return (
    <span
      class={`icon-button codicon codicon-${icon}`} aria-hidden="true" title={title}
      onClick={event => {
        event.stopPropagation();
        run();
      }}
    />
  );
}
