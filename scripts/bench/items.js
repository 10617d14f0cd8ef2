// Answers of a question with the number n, and how policies write them: right in another form, right as it stands, wrong.
const kinds = [
  n => [`${n}`, `${n}.0`, `${n + 1}`], n => [`${n}.5`, `${n}.50`, `${n}`], n => [`\\frac{${n}}{3}`, `${n}/3`, `${n}/4`], n => [`${n}/7`, `\\frac{${n}}{7}`, `${n}`],
  n => [`\\sqrt{${n}}`, `\\sqrt${n}`, `${n}`], n => [`${n}\\%`, `${n}%`, `0.${n}`], n => [`${n} cm`, `${n}`, `${n} m2`], n => [`${'ABCD'[n % 4]}`, `(${'ABCD'[n % 4]})`, `${'ABCD'[(n + 1) % 4]}`],
  n => [`card ${n}`, `Card ${n}.`, 'blue'], n => [`(${n}, 2)`, `(${n},2)`, `(2, ${n})`], n => [`${n}x+1`, `1+${n}x`, `${n}x`], n => [`-${n}`, `- ${n}`, `${n}`],
  n => [`${n},000`, `${n}000`, `${n}`], n => [`x=${n}`, `${n}`, `y=${n}`], n => [`\\frac{${n}\\pi}{4}`, `\\dfrac{${n}\\pi}{4}`, `${n}\\pi`], n => [`${n}^2`, `${n}^{2}`, `${n}`],
];
const filler = 'The picture shows a card with a number on it, and next to it another one that is turned away from the camera. ';
const responses = 8;

/** Responses in the paper's grammar, eight to a question as in a GRPO group: right and wrong answers of many kinds, some without a heading. `batch` chooses the questions. */
function benchItems(count, batch = 0) {
  return Array.from({ length: count }, (_, index) => {
    const question = Math.floor(index / responses) + batch * Math.ceil(count / responses);
    const [answer, otherForm, wrong] = kinds[question % kinds.length](question + 2);
    const given = [answer, otherForm, wrong, answer, `${wrong}1`, otherForm, 'I cannot tell', `${answer}.`][index % responses];
    const description = `A red ${index % 10} on the left and a blue ${index % 7} on the right. ${filler.repeat(3 + (index % 5))}`;
    const headings = index % 11 === 0 ? '' : `### Rationales:\n${filler}\n### Let's think step by step.\n### Step 1:\nLook at <left> / <right>.\n`;
    return {
      response: `### Image Description:\n${description}\n${headings}### The final answer is: ${given}`,
      tokens: 100 + ((index * 37) % 900),
      sample: { qid: `b-${question}`, problem: '<image>What is it?', answer, images: [], key_words: [`red ${index % 10}`, `blue ${index % 5}`, 'green 1'], boxes: [] },
    };
  });
}

module.exports = { benchItems };
