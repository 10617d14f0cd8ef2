/** Shows whether a row is selected, and takes clicks of the mouse for that. Readers and keys have it from the row itself. */
export function RowCheck({ isSelected }: { readonly isSelected: boolean }): preact.JSX.Element {
  return <span class={`row-check codicon ${isSelected ? 'codicon-check is-checked' : ''}`} aria-hidden="true" />;
}
