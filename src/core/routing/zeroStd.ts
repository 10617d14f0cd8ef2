/** Share of groups of `n` responses whose 0/1 rewards are all equal, for a sample that is right with probability `passRate`: `pⁿ + (1−p)ⁿ`. */
export function zeroStdProbability(passRate: number, n: number): number {
  return passRate ** n + (1 - passRate) ** n;
}

/**
 * The same where the pass rate is only known from `correct` of `responses`: 8 of 8 right is no proof that the ninth will be. The mean of `pⁿ + (1−p)ⁿ`
 * over all pass rates that could have shown this, none preferred before (Beta(correct + 1, responses − correct + 1)).
 */
export function expectedZeroStd(correct: number, responses: number, n: number): number {
  const mean = (right: number): number => {
    let product = 1;
    for (let i = 0; i < n; i++) product *= (right + 1 + i) / (responses + 2 + i);
    return product;
  };
  return mean(correct) + mean(responses - correct);
}
