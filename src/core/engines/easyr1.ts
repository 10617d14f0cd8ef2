import type { Project, StageConfig } from '../project/project';
import type { BatchPlan } from './batchPlan';
import type { EmitOptions, EmittedData, Emission, EmitProblem } from './emission';
import { emitStages, type EmitStage, type StagePlace } from './emitStages';
import { trapNotes } from './forkTraps';
import { onCluster } from './rayJob';
import { difficultyQuery, heldOutFile, pixels, untranslated } from './stageFacts';
import { type ConfigValue, yamlText } from './yamlText';

/** Tokens that vLLM is told to hold at least. */
const leastBatchedTokens = 8192;

/** Configurations, data and commands of the RL stages for EasyR1, or for the paper's fork of it. */
export function emitEasyR1(project: Project, options: EmitOptions): Emission {
  const { stages, problems } = emitStages(project, options, (stage, own, place) => emitStage(project, stage, own, place));
  const isFork = options.fork === 'pebr-r1';
  const unknown: EmitProblem = { severity: 'error', message: 'The folder of EasyR1 is not known: its script merges the shards of a stage for the next one.', remedy: 'Give the folder of your checkout (--engine-folder).' };
  return { engine: 'easyr1', stages, problems: [...(options.engineFolder === null ? [unknown] : []), ...problems], notes: [...generalNotes, ...(isFork ? trapNotes() : [])] };
}

const generalNotes = [
  'A step is one optimizer step over all its samples (global_batch_size = rollout_batch_size); the learning rate is constant, where the engine trl lets it fall to zero.',
  'The prompt is rendered into the rows, so format_prompt is empty; the reward gets qid, key words and boxes through the answer.',
  'After the last step EasyR1 always validates on val_files: these are the held-out rows, not the training rows.',
];

function emitStage(project: Project, stage: StageConfig, options: EmitOptions, { plan, place, checkpoints, last }: StagePlace): ReturnType<EmitStage> {
  const { folder, python, engineFolder } = options;
  const data: EmittedData = {
    dataset: stage.dataset, target: 'easyr1', container: 'json', query: difficultyQuery(stage), folder: `${stage.name}/data`,
    train: `${stage.name}/data/${stage.dataset}.json`, heldOut: heldOutFile(project, stage, 'json'), images: options.address === null ? 'relative' : 'copy',
  };
  const config = configOf(project, stage, options, plan, data, checkpoints);
  const train = { argv: [python, '-m', 'verl.trainer.main', `config=${place}/config.yaml`], cwd: engineFolder ?? folder, env: environment };
  return {
    problems: [...untranslated(project, stage), ...filterProblems(stage)],
    stage: {
      stage: stage.name, total: plan.steps, dialect: 'easyr1', data, reward: { file: stage.reward, dataset: stage.dataset, shim: `${stage.name}/pebr_reward.py` },
      files: [{ path: `${stage.name}/config.yaml`, text: yamlText(config) }],
      ...onCluster(train, stage.name, options, engineFolder ?? folder),
      merge: engineFolder === null ? null : { argv: [python, `${engineFolder}/scripts/model_merger.py`, '--local_dir', last], cwd: engineFolder, env: {} },
      policy: `${last}/huggingface`, metrics: options.fork === 'easyr1' ? `${checkpoints}/experiment_log.jsonl` : null, checkpoints,
      rollouts: { place: `${checkpoints}/generations.log`, stage: `validation.${stage.name}` },
    },
  };
}

/** As EasyR1's own start sets them. */
const environment = { PYTHONUNBUFFERED: '1', TOKENIZERS_PARALLELISM: 'true', NCCL_DEBUG: 'WARN', VLLM_LOGGING_LEVEL: 'WARN' };

function configOf(
  project: Project, stage: StageConfig, { folder, policy, nodes, gpus, fork }: EmitOptions, plan: BatchPlan, data: EmittedData, checkpoints: string,
): { readonly [name: string]: ConfigValue | undefined } {
  const { maxPromptTokens, maxResponseTokens, lora } = project.policy;
  const isFork = fork === 'pebr-r1';
  return {
    data: {
      train_files: `${folder}/${data.train}`, val_files: `${folder}/${data.heldOut}`, prompt_key: 'problem', answer_key: 'answer', image_key: 'images', image_dir: `${folder}/${data.folder}`,
      max_prompt_length: maxPromptTokens, max_response_length: maxResponseTokens, rollout_batch_size: stage.samplesPerStep, mini_rollout_batch_size: null, val_batch_size: 512,
      format_prompt: null, override_chat_template: null, shuffle: true, seed: project.pipeline.seed, min_pixels: pixels.least, max_pixels: pixels.most, filter_overlong_prompts: true,
    },
    algorithm: {
      adv_estimator: 'grpo', disable_kl: stage.beta === 0, use_kl_loss: true, kl_penalty: 'low_var_kl', kl_coef: stage.beta,
      online_filtering: stage.dynamicSampling !== null, filter_key: 'overall', filter_low: 0.01, filter_high: 0.99,
    },
    worker: {
      actor: {
        global_batch_size: stage.samplesPerStep, micro_batch_size_per_device_for_update: plan.updateBatch, micro_batch_size_per_device_for_experience: plan.scoreBatch,
        max_grad_norm: 1, clip_ratio_low: 0.2, clip_ratio_high: 0.3, ppo_epochs: stage.iterations, padding_free: true, ulysses_size: 1,
        model: {
          model_path: policy, enable_gradient_checkpointing: true, trust_remote_code: false, freeze_vision_tower: false,
          lora: isFork || lora === null ? undefined : { rank: lora.rank, alpha: lora.alpha },
        },
        optim: { lr: stage.learningRate, weight_decay: 0.01, strategy: 'adamw', lr_warmup_ratio: 0 },
        fsdp: { enable_full_shard: true, enable_cpu_offload: false, enable_rank0_init: true },
        offload: { offload_params: true, offload_optimizer: true },
      },
      rollout: {
        n: stage.responses, temperature: stage.temperature, top_p: stage.topP, gpu_memory_utilization: 0.6, enforce_eager: false, enable_chunked_prefill: false,
        tensor_parallel_size: plan.tensorParallel, limit_images: 0, max_num_batched_tokens: Math.max(leastBatchedTokens, maxPromptTokens + maxResponseTokens),
        val_override_config: { temperature: 0.5, n: 1 },
      },
      ref: { fsdp: { enable_full_shard: true, enable_cpu_offload: true, enable_rank0_init: true }, offload: { offload_params: false } },
      reward: {
        reward_type: isFork ? 'batch' : undefined, reward_function: `${folder}/${stage.name}/pebr_reward.py:compute_score`,
      },
    },
    trainer: {
      total_epochs: 1, max_steps: plan.steps, project_name: project.name, experiment_name: stage.name, logger: isFork ? ['console'] : ['console', 'file'], nnodes: nodes, n_gpus_per_node: gpus,
      max_try_make_batch: stage.dynamicSampling?.maxBatches ?? 20, val_freq: -1, val_before_train: false, val_only: false, val_generations_to_log: 1,
      save_freq: stage.saveEvery, save_limit: 3, save_model_only: false, save_checkpoint_path: checkpoints, load_checkpoint_path: null, find_last_checkpoint: isFork ? undefined : true,
    },
  };
}

function filterProblems(stage: StageConfig): readonly EmitProblem[] {
  if (!stage.dynamicSampling) return [];
  return [{
    severity: 'warning', message: `Stage ${stage.name}: EasyR1 filters groups by their mean of overall (0.01 to 0.99), not by their spread.`,
    remedy: 'With a shaped reward set filter_key to its accuracy in the configuration that was written.',
  }];
}
