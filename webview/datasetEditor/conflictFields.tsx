import type { FieldConflict } from '../../src/core/labels/mergeFields';
import { spliceBetween } from '../../src/core/labels/splices';

type Side = 'mine' | 'theirs';

interface ConflictFieldsProps {
  readonly fields: readonly FieldConflict[];
  readonly sideOf: (name: string, changedBy: Side | undefined) => Side | undefined;
  readonly choose: (name: string, side: Side) => void;
}

/** The properties that differ, as they were and on both sides; one choice each. What only one side changed is chosen already. */
export function ConflictFields({ fields, sideOf, choose }: ConflictFieldsProps): preact.JSX.Element {
  if (fields.length === 0) return <p class="dim">Both sides say the same, written in another way.</p>;
  return (
    <table class="conflict-fields">
      <thead><tr><th>Property</th><th>Mine</th><th>On disk</th></tr></thead>
      <tbody>
        {fields.map(({ name, base, mine, theirs, changedBy }) => {
          const [here, there] = [words(mine), words(theirs)];
          const differing = spliceBetween(here, there);
          const sides = [{ side: 'mine' as const, text: here, part: differing.before }, { side: 'theirs' as const, text: there, part: differing.after }];
          return (
            <tr key={name}>
              <td><b>{name}</b>{base !== undefined && <div class="dim conflict-base" title="Before both changed it">was {words(base)}</div>}</td>
              {sides.map(({ side, text, part }) => (
                <td key={side}>
                  <label class="conflict-choice">
                    <input type="radio" name={`conflict ${name}`} checked={sideOf(name, changedBy) === side} onChange={() => choose(name, side)} aria-label={`${name}: ${side === 'mine' ? 'mine' : 'on disk'}, ${text}`} />
                    <span>{text.slice(0, differing.at)}<mark>{part}</mark>{text.slice(differing.at + part.length) || (text === '' && <i class="dim">none</i>)}</span>
                  </label>
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A text as it reads; anything else as it is written. */
function words(raw: string | undefined): string {
  if (raw === undefined) return '';
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : raw;
  } catch {
    return raw; // NaN, which our reader allows
  }
}
