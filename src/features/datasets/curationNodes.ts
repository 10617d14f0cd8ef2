import { existsSync } from 'node:fs';
import { chipOf } from '../../core/query/printQuery';
import type { ProjectDataset } from '../../host/datasetService';
import { curationFile, readCuration } from '../../platform/dataset/curationFile';
import type { DatasetRoot, TagNode, TagsNode, ViewNode, ViewsNode } from './datasetNode';

/** Tags and views of a dataset, without looking into its rows; nothing where there are none. */
export function curationNodes(parent: DatasetRoot): (TagsNode | ViewsNode)[] {
  const { dataset } = parent;
  const views = dataset.project.project?.views.filter(view => view.dataset === dataset.config.id) ?? [];
  return [
    ...(existsSync(curationFile(dataset.file)) ? [{ kind: 'tags', dataset, parent } as const] : []),
    ...(views.length > 0 ? [{ kind: 'views', dataset, parent, views } as const] : []),
  ];
}

/** Tags with the samples that have them, the most frequent first. */
export async function tagNodes(parent: TagsNode): Promise<TagNode[]> {
  const counts = await countTags(parent.dataset);
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([tag, count]) => ({ kind: 'tag', dataset: parent.dataset, parent, tag, count, query: chipOf('tag', tag) }));
}

export function viewNodes(parent: ViewsNode): ViewNode[] {
  return parent.views.map(view => ({ kind: 'view', dataset: parent.dataset, parent, view, datasetId: view.dataset, name: view.name }));
}

async function countTags({ file }: ProjectDataset): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const { records } = await readCuration(curationFile(file));
  for (const { tags } of records.values()) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return counts;
}
