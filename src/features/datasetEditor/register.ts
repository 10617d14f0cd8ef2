import type { Services } from '../../host/services';

export function registerDatasetEditor(_services: Services): void {}
