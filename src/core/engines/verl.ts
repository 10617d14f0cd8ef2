import type { Project, StageConfig } from '../project/project';
import type { BatchPlan } from './batchPlan';
import type { EmitOptions, EmittedData, Emission } from './emission';
import { emitStages, type EmitStage, type StagePlace } from './emitStages';
import { onCluster } from './rayJob';
import { difficultyQuery, heldOutFile, pixels, untranslated } from './stageFacts';
import { type ConfigValue, inlineText } from './yamlText';

/** Settings, data and commands of the RL stages for verl (0.9: `reward.custom_reward_function`, trainer V1). */
export function emitVerl(project: Project, options: EmitOptions): Emission {
  return { engine: 'verl', notes, ...emitStages(project, options, (stage, own, place) => emitStage(project, stage, own, place)) };
}

const notes = [
  'A step is one optimizer step over all its samples (ppo_mini_batch_size = train_batch_size); the learning rate is constant, where the engine trl lets it fall to zero.',
  'verl scores one response a call and does not hand the picture to the reward: the rows name it in extra_info, and the shim reads it there.',
  'The training log of verl has no components of the reward (only overall): look at them in the rollouts, or train with the engine trl or ray.',
  'verl empties its file of metrics at each start, so each try writes a file of its own.',
];

function emitStage(project: Project, stage: StageConfig, options: EmitOptions, { plan, place, checkpoints, last }: StagePlace): ReturnType<EmitStage> {
  const { folder, python } = options;
  const data: EmittedData = {
    dataset: stage.dataset, target: 'verl', container: 'parquet', query: difficultyQuery(stage), folder: `${stage.name}/data`,
    train: `${stage.name}/data/${stage.dataset}.parquet`, heldOut: heldOutFile(project, stage, 'parquet'), images: options.address === null ? 'absolute' : 'embed',
  };
  const metrics = `${place}/metrics-${options.attempt}.jsonl`;
  const overrides = Object.entries(settingsOf(project, stage, options, plan, data, checkpoints)).map(([name, value]) => `${name}=${override(value)}`);
  const train = { argv: [python, '-m', 'verl.trainer.main_ppo', ...overrides], cwd: folder, env: { PYTHONUNBUFFERED: '1', VERL_FILE_LOGGER_PATH: metrics } };
  return {
    problems: untranslated(project, stage),
    stage: {
      stage: stage.name, total: plan.steps, dialect: 'verl', data, reward: { file: stage.reward, dataset: stage.dataset, shim: `${stage.name}/pebr_reward.py` },
      files: [{ path: `${stage.name}/overrides.txt`, text: `${overrides.join('\n')}\n` }],
      ...onCluster(train, stage.name, options, folder),
      merge: { argv: [python, '-m', 'verl.model_merger', 'merge', '--backend', 'fsdp', '--local_dir', last, '--target_dir', `${place}/policy`], cwd: folder, env: {} },
      policy: `${place}/policy`, metrics, checkpoints, rollouts: { place: `${place}/rollouts`, stage: stage.name },
    },
  };
}

/** Hydra's own grammar would read `,`, `{` or `=` in a text; quoted it is one value. */
function override(value: ConfigValue): string {
  if (typeof value !== 'string') return inlineText(value).replaceAll(', ', ',');
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replace(/\\(?=\\*(?:'|$))/g, '\\\\').replaceAll("'", "\\'")}'`;
}

function settingsOf(
  project: Project, stage: StageConfig, { folder, policy, nodes, gpus }: EmitOptions, plan: BatchPlan, data: EmittedData, checkpoints: string,
): Readonly<Record<string, ConfigValue>> {
  const { maxPromptTokens, maxResponseTokens, lora } = project.policy;
  const model = 'actor_rollout_ref.model';
  const actor = 'actor_rollout_ref.actor';
  const rollout = 'actor_rollout_ref.rollout';
  return {
    'algorithm.adv_estimator': 'grpo', 'algorithm.use_kl_in_reward': false,
    ...(stage.dynamicSampling ? { 'algorithm.filter_groups.enable': true, 'algorithm.filter_groups.metric': 'reward', 'algorithm.filter_groups.max_num_gen_batches': stage.dynamicSampling.maxBatches } : {}),
    'data.train_files': `${folder}/${data.train}`, 'data.val_files': `${folder}/${data.heldOut}`, 'data.prompt_key': 'prompt', 'data.image_key': 'images', 'data.reward_fn_key': 'data_source',
    'data.train_batch_size': stage.samplesPerStep, 'data.max_prompt_length': maxPromptTokens, 'data.max_response_length': maxResponseTokens,
    'data.filter_overlong_prompts': true, 'data.truncation': 'error', 'data.shuffle': true, 'data.seed': project.pipeline.seed,
    '+data.mm_processor_kwargs.min_pixels': pixels.least, '+data.mm_processor_kwargs.max_pixels': pixels.most,
    [`${model}.path`]: policy, [`${model}.use_remove_padding`]: true, [`${model}.enable_gradient_checkpointing`]: true,
    ...(lora ? { [`${model}.lora_rank`]: lora.rank, [`${model}.lora_alpha`]: lora.alpha, [`${rollout}.load_format`]: 'safetensors' } : {}),
    [`${actor}.optim.lr`]: stage.learningRate, [`${actor}.ppo_mini_batch_size`]: stage.samplesPerStep, [`${actor}.ppo_micro_batch_size_per_gpu`]: plan.updateBatch, [`${actor}.ppo_epochs`]: stage.iterations,
    [`${actor}.clip_ratio_low`]: 0.2, [`${actor}.clip_ratio_high`]: 0.3, [`${actor}.use_kl_loss`]: stage.beta > 0, [`${actor}.kl_loss_coef`]: stage.beta, [`${actor}.kl_loss_type`]: 'low_var_kl',
    [`${actor}.entropy_coeff`]: 0, [`${actor}.freeze_vision_tower`]: false, [`${actor}.fsdp_config.param_offload`]: true, [`${actor}.fsdp_config.optimizer_offload`]: true,
    [`${rollout}.name`]: 'vllm', [`${rollout}.n`]: stage.responses, [`${rollout}.temperature`]: stage.temperature, [`${rollout}.top_p`]: stage.topP,
    [`${rollout}.tensor_model_parallel_size`]: plan.tensorParallel, [`${rollout}.gpu_memory_utilization`]: 0.6, [`${rollout}.log_prob_micro_batch_size_per_gpu`]: plan.scoreBatch,
    [`${rollout}.max_num_batched_tokens`]: Math.max(8192, maxPromptTokens + maxResponseTokens),
    'actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu': plan.scoreBatch, 'actor_rollout_ref.ref.fsdp_config.param_offload': true,
    'reward.custom_reward_function.path': `${folder}/${stage.name}/pebr_reward.py`, 'reward.custom_reward_function.name': 'compute_score',
    'trainer.project_name': project.name, 'trainer.experiment_name': stage.name, 'trainer.logger': ['console', 'file'], 'trainer.nnodes': nodes, 'trainer.n_gpus_per_node': gpus,
    'trainer.total_epochs': 100_000, 'trainer.total_training_steps': plan.steps, 'trainer.save_freq': stage.saveEvery, 'trainer.max_actor_ckpt_to_keep': 3, 'trainer.test_freq': -1,
    'trainer.val_before_train': false, 'trainer.default_local_dir': checkpoints, 'trainer.resume_mode': 'auto', 'trainer.rollout_data_dir': `${folder}/${stage.name}/rollouts`,
  };
}
