// Grounding: do the boxes of the response cover the labelled ones? The best one-to-one matching counts; a box too many costs as much as a missing one.
import { defineReward, format, iou } from 'pebr';

export default defineReward({
  components: {
    // The boxes of the description; `within: 'response'` takes them anywhere. `frame: 'norm1000'` is for models that write 0 to 1000.
    iou: iou({ within: 'description', frame: 'pixel', mislabelled: 0.5 }),
    // The four headings of the response grammar.
    format: format(),
  },
  // A sample without gold boxes: iou does not apply, and format takes its weight.
  weights: { iou: 0.9, format: 0.1 },
});
