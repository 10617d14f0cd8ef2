/** How a reward is told to have died of memory, whatever runs it. */
export function tooMuch(memoryMb: number): string {
  return `The reward used more than ${memoryMb} MB of memory and was ended.`;
}
