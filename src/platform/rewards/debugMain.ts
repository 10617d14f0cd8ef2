import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { RewardContext } from '../../core/rewards/reward';
import type { Score } from '../../core/rewards/score';
import { scoreBatch } from '../../core/rewards/scoreBatch';
import { ImageTextModels } from '../clip/imageTextModels';
import type { DebugRequest } from './debugRequest';
import { componentPlaces } from './thread/componentPlaces';
import { definitionOf } from './thread/definitionOf';
import { pictureSize } from './thread/pictureSize';
import { RewardModules } from './thread/rewardModules';
import { Similarities } from './thread/similarities';

// dist/debugReward.js REQUEST: scores one response on the main thread, without a deadline, so that a debugger can stop in the reward.
const { path: reward, clip, item, result } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as DebugRequest;
const modules = new RewardModules(path.join(__dirname, 'rewardApi.js'), new Map(), true);
const models = new ImageTextModels();
const noModel = 'There is no image-text model. Name its folder under "clip" in pebr.json, or set "pebr.clip.model".';
const similarities: Similarities = new Similarities((id, pairs) => {
  const answer = clip ? models.similarities(clip, pairs) : Promise.resolve(pairs.map(() => ({ error: noModel })));
  void answer.then(results => similarities.answer(id, results));
});
const context: RewardContext = { clip: { similarity: (image, text) => similarities.ask(image, text) }, imageSize: pictureSize };

async function main(): Promise<void> {
  const definition = definitionOf(modules.load(reward));
  await scoreBatch(definition, [item], { context, onScore: (_, score) => tell(score), describeError: error => modules.places.describe(error), placeOf: componentPlaces(modules) });
}

function tell(score: Score): void {
  writeFileSync(result, JSON.stringify(score));
  const { overall, components, error } = score;
  for (const [name, value] of Object.entries(components)) console.log(`${name.padEnd(16)} ${value ?? 'does not apply'}`);
  if (error) console.error(`${error.stack ?? error.message}`);
  else console.log(`${'overall'.padEnd(16)} ${overall ?? 'none'}`);
}

main().catch((error: unknown) => tell({ overall: null, components: {}, evidence: [], error: modules.places.describe(error) }));
