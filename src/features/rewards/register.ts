import type { Services } from '../../host/services';

export function registerRewards(_services: Services): void {}
