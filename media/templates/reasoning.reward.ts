// Stage 2 of the PeBR-R1 paper, reasoning: 0.9 · accuracy + 0.1 · format.
import { accuracy, defineReward, format } from 'pebr';

export default defineReward({
  components: {
    // Is the final answer right? `mode: 'tolerant'` forgives spelling and says what it forgave.
    accuracy: accuracy({ mode: 'strict' }),
    // The four headings of the response grammar.
    format: format(),
  },
  weights: { accuracy: 0.9, format: 0.1 },
});
