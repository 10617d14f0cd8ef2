// Stage 1, perception: does the description fit the picture, name what matters, and place it?
import { clip, defineReward, format, iou, keyWords, length } from 'pebr';

export default defineReward({
  components: {
    // Coarse: image-text similarity of the description; 0.4 and more is full marks.
    clip: clip({ tau: 0.4 }),
    // Fine: the share of the sample's key words ("red 7") in the description. `keyWords()` alone would take "red 1" out of "red 12".
    key_word: keyWords({ wholeWord: true, within: 'description' }),
    // Fine: how well the boxes of the description cover the labelled ones.
    iou: iou(),
    format: format(),
    length: length({ limit: 512 }),
  },
  weights: { clip: 0.2, key_word: 0.3, iou: 0.3, format: 0.1, length: 0.1 },
});
