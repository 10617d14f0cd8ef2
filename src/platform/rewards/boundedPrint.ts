/** Passes on what rewards print, up to a limit between two resets: a reward that prints without end must not fill a log or block a pipe. */
export class BoundedPrint {
  private left: number;

  constructor(
    private readonly write: (text: string) => void,
    private readonly limit = 16_384,
  ) {
    this.left = limit;
  }

  reset(): void {
    this.left = this.limit;
  }

  print(text: string): void {
    if (this.left <= 0) return;
    this.write(text.length <= this.left ? text : `${text.slice(0, this.left)}\n[more was printed and is left out]\n`);
    this.left -= text.length;
  }
}
