/** Why a run broke off, told from a line of its log. */
export interface LogCause {
  /** Stable, such as `gpu-memory`. */
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** What happened; a clause without full stop. */
  readonly title: string;
  /** What to do, in the order of trying; full sentences. */
  readonly remedy: string;
}

interface Pattern extends LogCause {
  readonly pattern: RegExp;
}

const error = (id: string, pattern: RegExp, title: string, remedy: string): Pattern => ({ id, severity: 'error', pattern, title, remedy });
const warning = (id: string, pattern: RegExp, title: string, remedy: string): Pattern => ({ ...error(id, pattern, title, remedy), severity: 'warning' });

/** The particular before the general: the first that fits is the cause. */
const patterns: readonly Pattern[] = [
  error('vllm-memory', /No available memory for the cache blocks|Free memory on device .* is less than desired GPU memory utilization|larger than the available KV cache memory/i,
    'vLLM has no memory left for its cache', 'Raise gpu_memory_utilization if the GPU is otherwise free, or lower the lengths of prompt and response; offload parameters and optimizer of the policy while it generates.'),
  error('gpu-memory', /CUDA out of memory|torch\.(?:cuda\.)?OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED|HIP out of memory|CUDA error: out of memory/i,
    'The GPU is out of memory', 'Lower policy.microBatch first (results stay the same), then the image size (max_pixels) and the response length; use LoRA, or offload parameters and optimizer. With vLLM beside the trainer, lower gpu_memory_utilization.'),
  error('ray-memory', /ray\.exceptions\.OutOfMemoryError|node running low on memory|Task was killed due to the node running low|killed due to memory pressure/i,
    'The machine is out of memory and Ray ended a worker', 'Use fewer workers on this machine, turn off offloading to the CPU, or lower the number of rows that are loaded at once.'),
  error('host-memory', /^Killed$|exit(?:ed with)? ?code *[:=]? *-?(?:137|9)\b|killed by signal: Killed|oom_kill event|\bSIGKILL\b|\bMemoryError\b|Cannot allocate memory|DefaultCPUAllocator: can't allocate/i,
    'The process was killed, most likely because the machine ran out of memory', 'Look at the memory of the machine (dmesg names the process); use fewer workers, smaller batches or less offloading, then resume.'),
  error('disk-full', /No space left on device|ENOSPC|Disk quota exceeded|OSError: \[Errno (?:28|122)\]|inline_container\.cc.*unexpected pos|PytorchStreamWriter failed/i,
    'The disk is full', 'Delete old checkpoints or point the runs to another disk, then resume: the checkpoint before the broken one is used.'),
  error('reward', /\[reward-error\]|\bRewardFailed\b|reward worker|The reward (?:file|worker|failed)|RayTaskError.*[Rr]eward/i,
    'The reward failed', 'Open the sample in the reward playground: the same file fails there with its line. Correct it, run its cases, then resume.'),
  error('empty-filter', /No sample is kept after filtering|Generated too many|num_gen_batches\S* ?>=|exceed\w* max_num_gen_batches/i,
    'Filtering left no group to learn from', 'Widen the band (filter_low, filter_high) or the difficulty of the stage, raise the number of responses or the temperature; the forecast of zero-std groups shows the effect before the start.'),
  error('batch-shape', /must be (?:evenly )?divisible by|only support equal chunk|is not divisible by|should be divisible|not a multiple of|normalized ppo_mini_batch_size .* should be larger/i,
    'The sizes of the batches do not fit each other', 'Samples a step × responses must be divisible by processes × micro batch, and by the update batch; change samplesPerStep, responses, policy.microBatch or the number of GPUs.'),
  error('image-tokens', /Image features and image tokens do not match|Mismatch in `image` token count|number of image(?:s| tokens).*(?:not match|mismatch)|image_grid_thw.*out of (?:range|bounds)/i,
    'Images and image marks do not match', 'Give each row one <image> an image; if they do match, the prompt was cut: raise the prompt length or lower max_pixels. `pebr lint` finds the rows.'),
  error('image-missing', /FileNotFoundError.*\.(?:png|jpe?g|webp|bmp|gif|tiff?)|cannot identify image file|No such file or directory.*\.(?:png|jpe?g|webp|bmp)|image file is truncated|UnidentifiedImageError/i,
    'An image cannot be read', 'Run `pebr lint`: it names the row. On a cluster the path must exist on every node: export with the images copied or embedded.'),
  error('prompt-format', /Multimodal training requires conversational prompts|Invalid format of prompt|prompt.*must be (?:a )?conversation|Conversation roles must alternate/i,
    'The prompts are no conversations', 'Export the dataset for this engine again; each row needs messages with role and content.'),
  error('column', /KeyError: '(?:problem|prompt|answer|images|image|ground_truth|qid|key_words?|data_source|reward_model|extra_info|overall)'/,
    'A row or a score lacks a column', 'Export the dataset for this engine again; if it is `overall`, the reward returns no overall score.'),
  error('prompt-length', /Prompt length \(?\d+\)? is longer than/i,
    'A prompt is longer than the engine was told', 'Raise policy.maxPromptTokens, lower max_pixels, or let the engine leave such rows out (filter_overlong_prompts); `pebr lint` finds them.'),
  error('too-few-rows', /len\(train_dataloader\) >= 1|(?:Train|train) dataloader is empty|num_samples should be a positive integer/i,
    'There are fewer rows than one step needs', 'Lower the number of samples a step (and the update batch with it), or add rows.'),
  error('reward-timeout', /RewardTimeout|reward.*(?:timed out|timeout)/i,
    'The reward took too long', 'Look for an endless loop in it, in the playground; raise its deadline only if each response really needs that long.'),
  error('nccl-timeout', /Watchdog caught collective operation timeout|NCCL (?:watchdog|operation).*time(?:d )?out|Timed out waiting \d+ ?ms for (?:recv|send)|wait timeout after \d+ ?ms/i,
    'The processes waited for each other too long', 'One of them hung or died: look at the first error of all ranks. A reward that takes minutes does this too; so do different numbers of batches a rank.'),
  error('nccl', /NCCL error|ncclSystemError|ncclInternalError|ncclUnhandledCudaError|ncclRemoteError|NET\/IB.*(?:error|fail)|ibv_\w+ failed|Connection closed by peer|connectFullMesh failed|store->get\(.*Connection reset|client socket has timed out|DistBackendError/i,
    'The processes cannot talk to each other', 'Name the network interface (NCCL_SOCKET_IFNAME, GLOO_SOCKET_IFNAME); without InfiniBand set NCCL_IB_DISABLE=1; NCCL_DEBUG=INFO says more.'),
  error('cuda-version', /forward compatibility was attempted on non supported HW|CUDA driver version is insufficient|The NVIDIA driver on your system is too old|no kernel image is available for execution|undefined symbol: .*(?:cuda|cublas|nccl|c10)|libcud(?:art|nn)[\w.-]*: cannot open|CUDA error: invalid device function/i,
    'Driver, CUDA and PyTorch do not fit each other', 'Compare nvidia-smi (its CUDA version is the newest the driver can) with torch.version.cuda; install the PyTorch build for that version, and packages with kernels (flash-attn, vLLM) built for the same.'),
  error('no-gpu', /No CUDA GPUs are available|Torch not compiled with CUDA enabled|Found no NVIDIA driver|Total available GPUs 0 is less than|available GPUs? \d+ is less than/i,
    'There is no GPU, or too few', 'Check nvidia-smi and CUDA_VISIBLE_DEVICES (set it before `ray start`); lower the number of GPUs of the run.'),
  error('gpu-fault', /illegal memory access|uncorrectable ECC|unspecified launch failure|NVML_SUCCESS == r|GPU has fallen off the bus/i,
    'The GPU failed', 'CUDA_LAUNCH_BLOCKING=1 shows the line. Errors of its memory (ECC), or ones at another place each time, are the card’s: use another, and look at nvidia-smi -q; then resume.'),
  error('device-assert', /device-side assert triggered/i,
    'The GPU met a number it has no place for', 'Mostly an index beyond a table: a token outside the vocabulary (tokenizer and weights of different models), or NaN in the probabilities. CUDA_LAUNCH_BLOCKING=1 shows the line.'),
  error('nan-probabilities', /probability tensor contains either/i,
    'The policy gives no probabilities any more', 'Its weights or scores became NaN: go back to the checkpoint before, lower the learning rate, compute in bfloat16 or float32 instead of float16.'),
  error('bf16', /bf16.*not supported|doesn't support bf16|bfloat16.*(?:not supported|is not implemented)|Your setup doesn't support bf16/i,
    'This device cannot compute in bfloat16', 'Set policy.dtype to float16 (older GPUs) or float32 (CPU).'),
  error('flash-attention', /FlashAttention only supports|No module named 'flash_attn'|FlashAttention2 has been toggled on/i,
    'FlashAttention cannot be used here', 'Install flash-attn for this PyTorch, or set attn_implementation to sdpa.'),
  error('ray-port', /Failed to (?:start|bind).*(?:6379|8265|dashboard)|The (?:GCS|Redis).*port.*(?:in use|bind)/i,
    'Ray’s port is in use', 'Another Ray runs here: join it with its address, or end it with `ray stop`.'),
  error('port', /Address already in use|EADDRINUSE|errno: 98|\[Errno 98\]/i,
    'A port is in use', 'End what uses it (an earlier run?), or choose another: MASTER_PORT, --main_process_port, vLLM 8000 and 51216, Ray 6379 and 8265.'),
  error('ray-worker', /ActorDiedError|RayActorError|The actor died unexpectedly|WorkerCrashedError|worker died (?:or was killed )?unexpectedly|worker process(?:es)? .*(?:died|has died|crashed)|NodeDiedError|ActorUnavailableError|have not registered within the timeout|ObjectLostError|WorkerHealthCheckFailed/i,
    'A Ray worker died', 'The reason stands in the log of that worker, above; often it is memory. The run goes on from its last checkpoint where failures are allowed, else resume it.'),
  error('ray-token', /Missing authentication token|Token authentication is enabled but no authentication token|Unauthorized: Invalid authentication token|ray\.exceptions\.AuthenticationError/i,
    'The Ray cluster asks for its token', 'Set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH (or put the cluster’s token into ~/.ray/auth_token) where the run is started.'),
  error('ray-connection', /Could not (?:find any running Ray instance|connect to (?:Ray|GCS|the head))|ray\.exceptions\.RaySystemError|Failed to connect to (?:GCS|Ray)|ConnectionError: .*8265/i,
    'Ray cannot be reached', 'Start it (`ray start --head`), or correct the address: jobs are submitted to http://HEAD:8265, workers join HEAD:6379.'),
  error('ray-resources', /No available node types can fulfill|cannot be scheduled right now|Insufficient cluster resources|The following resource request cannot be scheduled/i,
    'The cluster has not the GPUs or CPUs that are asked for', 'Compare `ray status` with nodes × GPUs a node; a scorer of its own needs a share of a GPU too.'),
  error('vllm-version', /vllm.*(?:is not supported|incompatible|requires)|(?:cannot import name|has no attribute).*vllm|ImportError(?!: vLLM is not available).*vllm|AttributeError: module 'vllm/i,
    'This vLLM does not fit the engine', 'Install the version that the engine names in its requirements, in an environment of its own.'),
  error('vllm-length', /max_num_batched_tokens.*(?:smaller|less than|must|should|>=)|longer than the maximum model length|max_model_len.*(?:greater|larger|exceed)/i,
    'Prompt and response are longer than vLLM was told', 'Raise max_num_batched_tokens (and max_model_len) to at least prompt + response length, or shorten those.'),
  error('vllm-ended', /EngineDeadError|Engine core initialization failed/i,
    'vLLM ended', 'The reason stands in the log above, mostly memory: lower gpu_memory_utilization or the lengths, or generate without it (policy.vllm false).'),
  error('resume', /Can't find a valid checkpoint|trainer_state\.json|No such file.*(?:optim_world_size|extra_state_world_size|model_world_size)|PytorchStreamReader failed|safetensors_rust\.SafetensorError|Error while deserializing header/i,
    'The checkpoint cannot be used', 'It was half written, or saved without its optimizer (save_model_only): resume from the one before; the number of GPUs must be that of the run.'),
  error('model', /is not a local folder and is not a valid model identifier|does not appear to have a file named (?:config|pytorch_model|model)|OSError: Error no file named|Unrecognized (?:model|configuration class)|HFValidationError|Repo id must be in the form/i,
    'The policy is no model folder', 'Set policy.base to a folder with config.json, weights and processor; shards of an engine have to be merged first.'),
  error('chat-template', /chat_template is not set|no chat template|tokenizer\.chat_template/i,
    'The tokenizer has no chat template', 'Start from the instruct model, or add chat_template.jinja to the folder of the policy.'),
  error('hub', /LocalEntryNotFoundError|OfflineModeIsEnabled|couldn't connect to 'https:\/\/huggingface|We couldn't connect to|HF_HUB_OFFLINE.*(?:is set|enabled|=1)|Max retries exceeded.*huggingface|Cannot reach https:\/\/huggingface|429 Client Error.*(?:Too Many Requests|huggingface)|HfHubHTTPError/i,
    'Hugging Face cannot be reached', 'Download model and data beforehand and give their folders; the engine’s own validation set may be one of the hub: give files.'),
  error('gated', /GatedRepoError|401 Client Error.*huggingface|Access to model .* is restricted/i,
    'The model asks for a login', 'Accept its licence on its page and log in (`hf auth login`), or give a folder.'),
  error('tracker', /api_key not configured|wandb\.errors|mlflow\.exceptions|swanlab.*(?:not logged in|api.?key)/i,
    'A tracker of metrics asks for a login', 'Log in to it, or let the engine write to the console and a file alone (trainer.logger, report_to); WANDB_MODE=offline keeps its files here.'),
  error('time-limit', /DUE TO (?:TIME LIMIT|PREEMPTION|NODE FAILURE)/i,
    'The scheduler of the cluster ended the job', 'Submit it again and resume from its last checkpoint; ask for more time, or save more often.'),
  error('permission', /PermissionError|Permission denied|EACCES|\[Errno 13\]/i,
    'A file or folder may not be written', 'Correct its owner or permissions; in a container the folder of the run has to be mounted writable.'),
  error('open-files', /Too many open files|\[Errno 24\]|EMFILE/i,
    'Too many files are open', 'Raise the limit (`ulimit -n 65536`) before the engine and Ray are started.'),
  error('shared-memory', /unable to open shared memory|bus error|insufficient shared memory|\/dev\/shm.*(?:too small|not enough|only has)/i,
    'Shared memory is too small', 'In a container start it with --shm-size=16g or more (Ray asks for a third of the memory), or use fewer data loaders.'),
  error('config', /Could not override|ConfigKeyError|ConfigAttributeError|Key '[^']+' is not in struct|got an unexpected keyword argument|unrecognized arguments|MissingMandatoryValue/i,
    'The engine does not know a setting', 'It is another version than the configuration was written for: compare the name in the line above with that version’s defaults.'),
  error('compiler', /Failed to find C compiler|CUDA_HOME environment variable is not set|Ninja is required|nvcc(?: was)? not found/i,
    'A compiler is missing', 'Install one on that machine (gcc, ninja; for kernels the CUDA toolkit, and set CUDA_HOME), or turn off what is compiled as it runs (torch.compile, custom kernels).'),
  error('system-library', /(?:ImportError|OSError): lib[\w.+-]+\.so[\w.]*: cannot open shared object/,
    'A library of the system is missing', 'Install the package that holds the file named in the line; libGL comes with opencv-python, whose headless kind needs none.'),
  error('missing-package', /ModuleNotFoundError: No module named|ImportError: cannot import name|is not available and `use_vllm` is set/i,
    'A package is missing', 'Install it into the environment that runs the engine; `PeBR: Select Python` chooses another.'),
  warning('nan', /\bloss\b[^\n]{0,20}\bnan\b|grad_norm'?\s*[:=]\s*'?nan|Non-finite|found NaN|nan or inf/i,
    'A number is not finite', 'Lower the learning rate, compute in bfloat16 or float32 instead of float16, and look for a reward that returns huge numbers.'),
];

const longest = 4000;

/** The cause that a line of a log tells of, if any. */
export function causeOfLine(line: string): LogCause | undefined {
  const text = line.slice(0, longest).trim();
  const found = text === '' ? undefined : patterns.find(({ pattern }) => pattern.test(text));
  return found && { id: found.id, severity: found.severity, title: found.title, remedy: found.remedy };
}

/** The cause of that name. */
export function causeOf(id: string): LogCause | undefined {
  return logCauses.find(cause => cause.id === id);
}

/** Every cause that can be told, for the documentation and the tests. */
export const logCauses: readonly LogCause[] = patterns.map(({ id, severity, title, remedy }) => ({ id, severity, title, remedy }));
