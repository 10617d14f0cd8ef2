import type { EditorStore } from './editorStore';

/** Takes in what the host tells of its own accord: edits, undo, other panels, the file, and commands to go somewhere. */
export function followHost(store: EditorStore): void {
  const { host, document, rows, query, cursor, selection } = store;
  host.on('row', row => rows.take(row));
  host.on('document', now => (document.value = now));
  host.on('stale', ({ isCuration }) => {
    query.tellStale(store.hasFacets.value);
    if (!isCuration) return; // a row whose text changed comes by itself
    rows.forget();
    rows.want([cursor.index.value]); // those in view are asked for with the document that follows
  });
  host.on('query', asked => void query.ask(store.review.seenQuery(asked)));
  host.on('reload', now => {
    const isOther = now.numbering !== document.value?.numbering;
    const places = isOther ? cursor.places() : undefined;
    document.value = now;
    rows.forget();
    if (isOther) selection.clear(); // its numbers mean other rows now
    if (query.isNarrowed && isOther) void query.ask();
    else query.tellStale(store.hasFacets.value);
    if (places) void cursor.follow(places);
    else cursor.settle();
  });
  host.on('goTo', ({ index }) => {
    store.show('label');
    cursor.goTo(index);
  });
}
