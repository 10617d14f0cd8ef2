// Stage 2, reasoning: is the final answer right, and is every section there?
import { accuracy, defineReward, format } from 'pebr';

export default defineReward({
  components: { accuracy: accuracy(), format: format() },
  weights: { accuracy: 0.9, format: 0.1 },
});
