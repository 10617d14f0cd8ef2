// Metrics as the trainer writes them: some twenty a step.
const components = ['accuracy', 'iou', 'key_word', 'format', 'length'];

function metricsOf(step) {
  const wave = Math.sin(step / 700) * 0.1 + Math.sin(step * 12.9898) * 0.05;
  const round = value => Math.round(value * 1e6) / 1e6;
  return {
    reward: round(0.5 + wave), reward_std: round(0.2 + wave / 4), zero_std: round(0.3 + wave / 8), kl: round(0.01 + Math.abs(wave)), entropy: round(1 + wave), loss: round(wave / 10), grad_norm: round(0.7 + wave),
    learning_rate: 1e-6, response_tokens: round(60 + 20 * wave), clipped: 0.02, errors: 0, step_seconds: round(4 + wave), clip_fraction: round(0.01 + Math.abs(wave) / 9), 'replay/reward': round(0.4 + wave), epoch: round(step / 1000),
    ...Object.fromEntries(components.map((name, index) => [`reward/${name}`, round(0.5 + wave + index / 20)])),
  };
}

module.exports = { metricsOf };
