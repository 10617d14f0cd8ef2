import { signal } from '@preact/signals';
import type { RewardNumber } from '../../src/core/rewards/score';
import { changedNumbers, sliderRange } from '../../src/core/rewards/authoring/triedNumbers';
import { choice, dropNumbers, openPlace, scored, tried, tryNumber, writeNumbers } from './playgroundModel';

const isOpen = signal(false);

/** Opens the sliders. */
export function NumbersButton() {
  const numbers = scored.value?.reward.numbers ?? [];
  if (numbers.length === 0) return null;
  return (
    <button class="tool numbers-button" aria-expanded={isOpen.value} title="Try other weights and parameters" aria-label="Try other weights and parameters" onClick={() => (isOpen.value = !isOpen.value)}>
      <i class="codicon codicon-settings" />
    </button>
  );
}

/** Weights and parameters of the reward file as sliders. Nothing is written until it is asked for. */
export function Numbers() {
  const numbers = scored.value?.reward.numbers ?? [];
  const changed = Object.keys(changedNumbers(numbers, tried.value));
  if (numbers.length === 0 || (!isOpen.value && changed.length === 0)) return null;
  return (
    <section class="numbers" aria-label="Weights and parameters">
      <div class="sliders">{numbers.map(number => <Slider key={number.name} number={number} />)}</div>
      <div class="row numbers-bar">
        <span class="dim">{changed.length === 0 ? 'As in the file. Move a slider to try another value on these responses.' : `${changed.length} tried, not in the file. Means and Δ compare with the file.`}</span>
        <span class="grow" />
        {changed.length > 0 && <>
          <vscode-button appearance="secondary" onClick={dropNumbers}>Back to File</vscode-button>
          <vscode-button onClick={writeNumbers}>Write to File</vscode-button>
        </>}
      </div>
    </section>
  );
}

function Slider({ number: { name, value: inFile, line } }: { readonly number: RewardNumber }) {
  const value = tried.value[name] ?? inFile;
  const { min, max, step } = sliderRange(inFile);
  const isChanged = value !== inFile;
  const short = name.replace(/^(weights|components|compute_score)\./, '');
  const kind = name.startsWith('weights.') ? 'weight' : '';
  const set = (text: string): void => {
    const next = Number(text);
    if (text.trim() !== '' && Number.isFinite(next)) tryNumber(name, next);
  };
  const reward = choice.value?.reward;
  return (
    <div class={`slider ${isChanged ? 'is-changed' : ''}`}>
      <button class="link slider-name" title={`${name}, line ${line}${isChanged ? `: ${inFile} in the file` : ''}`} onClick={() => reward && openPlace(reward, line)}>{short}{kind && <span class="dim"> {kind}</span>}</button>
      <input type="range" min={Math.min(min, value)} max={Math.max(max, value)} step={step} value={value} aria-label={name} onInput={event => set(event.currentTarget.value)} />
      <input type="text" inputMode="decimal" class="number slider-value" value={String(value)} aria-label={`${name}, value`} onChange={event => set(event.currentTarget.value)} />
    </div>
  );
}
