/** Rows that are named one by one. */
const mostLines = 10;

/** Warns of rows of a dataset that cannot be scored, as they are met; `count` tells how many there were. */
export class UnreadableRows {
  count = 0;

  /** To be handed to whatever reads the rows. */
  readonly add = ({ file, line }: { readonly file: string; readonly line: number }): void => {
    if (this.count++ < mostLines) console.error(`${file}:${line}: warning: This row cannot be read. It is left out; "pebr lint" says why.`);
  };

  /** Tells how many more there were than were named. */
  end(): void {
    if (this.count > mostLines) console.error(`warning: ${this.count - mostLines} more rows cannot be read and are left out.`);
  }
}
