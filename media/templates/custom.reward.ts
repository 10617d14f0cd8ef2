// A reward of your own. A component takes a response and gives a number, by custom from 0 to 1; save, and the playground scores it again.
import { type Component, defineReward, gradeAnswer } from 'pebr';

/** 1 where the last line of the response is the answer. */
const answer: Component = ({ response, sample }) => {
  const last = response.trim().split('\n').at(-1) ?? '';
  const given = last.replace(/^.*:/, '').trim();
  const start = response.lastIndexOf(given);
  return {
    value: gradeAnswer(given, sample.answer),
    // Evidence says why: the playground marks this part of the response.
    evidence: [{ kind: 'answer', start, end: start + given.length, text: given }],
  };
};

/** The share of the sample's key words that occur; null where it has none: then the other components share this weight. */
const mentions: Component = ({ response, sample }) => {
  if (sample.key_words.length === 0) return null;
  const found = sample.key_words.filter(word => response.toLowerCase().includes(word.toLowerCase()));
  return found.length / sample.key_words.length;
};

export default defineReward({
  components: { answer, mentions },
  weights: { answer: 0.7, mentions: 0.3 },
});
