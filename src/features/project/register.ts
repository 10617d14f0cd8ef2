import type { Services } from '../../host/services';

export function registerProject(_services: Services): void {}
