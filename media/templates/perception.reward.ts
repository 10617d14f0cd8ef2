// Stage 1 of the PeBR-R1 paper, perception: 0.4 · clip + 0.4 · key_word + 0.1 · format + 0.1 · length.
import { clip, defineReward, format, keyWords, length } from 'pebr';

export default defineReward({
  components: {
    // Coarse: does the description fit the picture? Image-text similarity; `tau` and more is full marks.
    clip: clip({ tau: 0.4 }),
    // Fine: the share of the sample's key words that occur. `wholeWord: true` no longer finds "red 1" in "red 12".
    key_word: keyWords(),
    // The four headings of the response grammar.
    format: format(),
    // Full marks up to the limit, then limit / tokens.
    length: length({ limit: 512 }),
  },
  weights: { clip: 0.4, key_word: 0.4, format: 0.1, length: 0.1 },
});
