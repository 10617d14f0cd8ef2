import { passRate } from '../../src/core/dataset/difficulty';
import type { RowView } from '../../src/protocol/datasetEditor';

const difficultyIcons = { easy: 'circle-filled', medium: 'color-mode', hard: 'circle-outline' } as const;

/** What is to be seen of a sample at a glance: difficulty, review, tags, problems, edits; each a shape, not a colour alone. */
export function Marks({ view }: { readonly view: RowView | undefined }): preact.JSX.Element | null {
  if (!view) return null;
  const { difficulty, curation, problems } = view;
  const shown = curation.difficulty ?? difficulty?.difficulty;
  const worst = problems.some(problem => problem.severity === 'error') ? 'error' : problems.some(problem => problem.severity === 'warning') ? 'warning' : undefined;
  return (
    <span class="marks">
      {view.isEdited && <Mark icon="circle-filled" class="mark-edited" label="edited, not saved" />}
      {curation.tags.length > 0 && <Mark icon="tag" label={curation.tags.join(', ')} />}
      {curation.review === 'accepted' && <Mark icon="pass" class="positive" label="accepted" />}
      {curation.review === 'rejected' && <Mark icon="circle-slash" class="negative" label="rejected" />}
      {worst && <Mark icon={worst} class={`is-${worst}`} label={problems.map(problem => problem.message).join('\n')} />}
      {shown && <Mark icon={difficultyIcons[shown]} class={`is-${shown}`} label={`${shown}${difficulty ? ` ${passRate(difficulty)}` : ''}`} />}
    </span>
  );
}

function Mark({ icon, label, class: className = '' }: { readonly icon: string; readonly label: string; readonly class?: string }): preact.JSX.Element {
  return <i class={`codicon codicon-${icon} ${className}`} role="img" aria-label={label} title={label} />;
}
