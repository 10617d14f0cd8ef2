import { rewardPlaces, type RewardPlaces } from '../../../core/rewards/authoring/rewardPlaces';
import type { ScoreError } from '../../../core/rewards/score';
import type { RewardModules } from './rewardModules';

export type PlaceOfComponent = (component: string) => Pick<ScoreError, 'file' | 'line'>;

/** Where a component of the loaded files is named, else where the reward is defined: for what fails without a place of its own. The files are read when first asked. */
export function componentPlaces(modules: RewardModules): PlaceOfComponent {
  let read: readonly (readonly [file: string, places: RewardPlaces])[] | undefined;
  return component => {
    read ??= modules.files.filter(file => !file.endsWith('.json')).map(file => [file, rewardPlaces(modules.source(file), false)]);
    const named = read.find(([, { components }]) => components.has(component)) ?? read.find(([, { definition }]) => definition !== undefined);
    if (!named) return {};
    const [file, { components, definition = 0 }] = named;
    return { file, line: (components.get(component) ?? definition) + 1 };
  };
}
