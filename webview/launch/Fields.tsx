import type { FieldGroup, LaunchField } from '../../src/core/launch/launchForm';
import { resetValue, setValue } from './launchModel';

/** The values of `pebr.json` that a run may have otherwise, by part of the pipeline. */
export function Fields({ groups }: { readonly groups: readonly FieldGroup[] }) {
  return (
    <>
      {groups.map(({ title, fields }) => (
        <fieldset class="fields" key={title}>
          <legend>{title}</legend>
          {fields.map(field => <Field key={field.path} field={field} />)}
        </fieldset>
      ))}
    </>
  );
}

function Field({ field }: { readonly field: LaunchField }) {
  const { path, label, value, usual, fault } = field;
  const isChanged = value !== usual;
  return (
    <div class={`field ${isChanged ? 'is-changed' : ''}`}>
      <label class="field-label" for={path} title={path}>{label}</label>
      <Control field={field} />
      {isChanged && <button class="link" title={`Back to what pebr.json or the preset has`} aria-label={`Reset ${label}`} onClick={() => resetValue(path)}><i class="codicon codicon-discard" /></button>}
      {isChanged && <span class="dim usual">pebr.json: {wordsOf(usual)}</span>}
      {fault && <span class="error field-fault" id={`${path}-fault`} role="alert">{fault}</span>}
    </div>
  );
}

function Control({ field: { path, kind, value, fault } }: { readonly field: LaunchField }) {
  const shared = { id: path, class: 'control', 'aria-invalid': fault !== undefined, 'aria-describedby': fault === undefined ? undefined : `${path}-fault` };
  if (kind === 'switch') return <input {...shared} class="" type="checkbox" checked={value === true} onChange={event => setValue(path, event.currentTarget.checked)} />;
  if (typeof kind !== 'string') {
    return <select {...shared} value={String(value)} onChange={event => setValue(path, event.currentTarget.value)}>{kind.map(name => <option key={name}>{name}</option>)}</select>;
  }
  if (kind === 'text') return <input {...shared} class="control wide" type="text" value={value === null ? '' : String(value)} onInput={event => setValue(path, event.currentTarget.value)} />;
  return <input {...shared} type="text" inputMode="decimal" value={value === null ? '' : String(value)} onInput={event => setValue(path, numberOf(event.currentTarget.value))} />;
}

/** What is no number goes on as text, so that the project's own rules say what is wrong with it. */
function numberOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
