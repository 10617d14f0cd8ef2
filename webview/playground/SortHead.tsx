import type { ComponentChildren } from 'preact';
import { sort, sortBy } from './tableModel';

interface SortHeadProps {
  readonly by: string;
  readonly isNumber?: boolean;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** The head of a column; a click sorts by it. */
export function SortHead({ by, isNumber = false, title, children }: SortHeadProps) {
  const isSorted = sort.value?.by === by;
  const direction = sort.value?.isDescending ? 'descending' : 'ascending';
  return (
    <th class={isNumber ? 'number' : ''} aria-sort={isSorted ? direction : 'none'}>
      <button class="sort" title={title ?? 'Sort'} onClick={() => sortBy(by)}>{children}{isSorted && <i class={`codicon codicon-arrow-small-${sort.value?.isDescending ? 'down' : 'up'}`} aria-hidden="true" />}</button>
    </th>
  );
}
