import type { Services } from '../../host/services';

export function registerDatasets(_services: Services): void {}
