/** How well typed text fits a label; the lower the better, undefined where it does not. */
function distance(label: string, typed: string): number | undefined {
  const text = label.toLowerCase();
  if (text === typed) return 0;
  if (text.startsWith(typed)) return 1;
  if (text.split(/[^\p{L}\p{N}]+/u).some(word => word.startsWith(typed))) return 2;
  if (text.includes(typed)) return 3;
  const letters = typed.replace(/\s/g, '');
  if (hasInOrder(text.split(/[^\p{L}\p{N}]+/u).map(word => word[0] ?? '').join(''), letters)) return 4;
  return hasInOrder(text, letters) ? 5 : undefined;
}

function hasInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + letter.length;
    if (at < letter.length) return false;
  }
  return true;
}

/** Labels that typed text may mean, the best first and then in the order given; `r7` finds `red 7`. All of them where nothing is typed. */
export function rankLabels(labels: readonly string[], typed: string): readonly string[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return labels;
  return labels
    .flatMap(label => {
      const far = distance(label, wanted);
      return far === undefined ? [] : [{ label, far }];
    })
    .sort((a, b) => a.far - b.far)
    .map(({ label }) => label);
}
