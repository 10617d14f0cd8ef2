import type { RewardNumber } from '../score';

/** Values that are tried in place of numbers of a reward file, by the number's name. */
export type TriedNumbers = Readonly<Record<string, number>>;

/** Only those that differ from what the file has. */
export function changedNumbers(numbers: readonly RewardNumber[], tried: TriedNumbers): TriedNumbers {
  return Object.fromEntries(numbers.flatMap(({ name, value }) => {
    const other = tried[name];
    return other === undefined || other === value || !Number.isFinite(other) ? [] : [[name, other]];
  }));
}

/** The text of a reward file with the tried numbers written in; everything else stays as it is. `numbers` are those of this very text. */
export function writeNumbers(text: string, numbers: readonly RewardNumber[], tried: TriedNumbers): string {
  const changed = changedNumbers(numbers, tried);
  return [...numbers]
    .sort((a, b) => b.start - a.start)
    .reduce((written, { name, start, end }) => (changed[name] === undefined ? written : written.slice(0, start) + String(changed[name]) + written.slice(end)), text);
}

/** Ends and step of a slider that starts at `value`: [0, 1] for what lies there, else from 0 to four times the value. */
export function sliderRange(value: number): { readonly min: number; readonly max: number; readonly step: number } {
  if (value >= 0 && value <= 1) return { min: 0, max: 1, step: 0.01 };
  const size = 10 ** Math.ceil(Math.log10(Math.abs(value) * 4));
  const max = Math.min(size, Math.abs(value) * 4);
  const step = Number.isInteger(value) ? Math.max(1, 10 ** Math.floor(Math.log10(max / 200))) : 10 ** Math.floor(Math.log10(max / 100));
  return value < 0 ? { min: -max, max, step } : { min: 0, max, step };
}
