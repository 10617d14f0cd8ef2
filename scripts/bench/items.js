const answers = ['7', '12', '3.5', '\\frac{1}{3}', '1/3', '\\sqrt{2}', '50\\%', '120 cm', 'B', 'blue', '(1, 2)', '2x+1', '-4', '1,000', 'x=5', '\\frac{\\pi}{4}'];
const written = ['7', '12.0', '3.50', '1/3', '0.333', '\\sqrt2', '50%', '120', '(B)', 'Blue.', '(1,2)', '1+2x', '4', '1000', '5', '\\dfrac{\\pi}{4}'];
const filler = 'The picture shows a card with a number on it, and next to it another one that is turned away from the camera. ';

/** Responses in the paper's grammar as a policy writes them: right and wrong answers of many kinds, some without a heading; the same ones each time. */
function benchItems(count) {
  return Array.from({ length: count }, (_, index) => {
    const kind = (index * 7) % answers.length;
    const given = index % 3 === 0 ? answers[(kind + 1) % answers.length] : written[kind];
    const description = `A red ${index % 10} on the left and a blue ${index % 7} on the right. ${filler.repeat(3 + (index % 5))}`;
    const headings = index % 11 === 0 ? '' : `### Rationales:\n${filler}\n### Let's think step by step.\n### Step 1:\nLook at <left> / <right>.\n`;
    return {
      response: `### Image Description:\n${description}\n${headings}### The final answer is: ${given}`,
      tokens: 100 + ((index * 37) % 900),
      sample: { qid: `b-${index}`, problem: '<image>What is it?', answer: answers[kind], images: [], key_words: [`red ${index % 10}`, `blue ${index % 5}`, 'green 1'], boxes: [] },
    };
  });
}

module.exports = { benchItems };
