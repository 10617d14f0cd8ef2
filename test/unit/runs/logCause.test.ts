import * as assert from 'node:assert/strict';
import { causeOfLine, logCauses } from '../../../src/core/runs/logCause';

/** A line as it was seen, for every cause. */
const examples: Readonly<Record<string, readonly string[]>> = {
  'vllm-memory': ['ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.', 'ValueError: Free memory on device (12.3/79.1 GiB) on startup is less than desired GPU memory utilization (0.6, 47.5 GiB).', 'ValueError: To serve at least one request with the models\'s max seq len (32768), (1.75 GiB KV cache is needed, which is larger than the available KV cache memory (0.85 GiB).'],
  'gpu-memory': ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.65 GiB', 'RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`'],
  'ray-memory': ['ray.exceptions.OutOfMemoryError: Task was killed due to the node running low on memory.'],
  'host-memory': ['Killed', 'torch.distributed.elastic.multiprocessing.api:failed (exitcode: -9) local_rank: 0 (pid: 12345) of binary: /usr/bin/python3', '  exitcode  : -9 (pid: 4242)', 'RuntimeError: DataLoader worker (pid 1234) is killed by signal: Killed.', 'slurmstepd: error: Detected 1 oom_kill event in StepId=123.0.', 'exitcode  : -9 (pid: 4711) traceback : Signal 9 (SIGKILL) received by PID 4711', "RuntimeError: [enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"],
  'disk-full': ['OSError: [Errno 28] No space left on device', 'RuntimeError: [enforce fail at inline_container.cc:659] . unexpected pos 4992 vs 4886'],
  reward: ['[reward-error] {"message":"boxes is undefined","file":"perception.reward.ts","line":12}', 'pebr_reward.RewardFailed: perception.reward.ts:12: boxes is undefined', 'ray.exceptions.RayTaskError(ZeroDivisionError): ray::BatchFunctionRewardManager.compute_reward() (pid=812, ip=10.0.0.3)'],
  'gpu-fault': ['torch.AcceleratorError: CUDA error: an illegal memory access was encountered', 'RuntimeError: CUDA error: uncorrectable ECC error encountered'],
  compiler: ['RuntimeError: Failed to find C compiler. Please specify via CC environment variable or set triton.knobs.build.impl.', 'OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root.'],
  'system-library': ['ImportError: libGL.so.1: cannot open shared object file: No such file or directory'],
  'empty-filter': ['RuntimeError: No sample is kept after filtering. Please check your data.', 'ValueError: num_try_make_batch=20 >= max_try_make_batch=20. Generated too many. Please check your data.'],
  'batch-shape': ['ValueError: generation_batch_size (6) must be divisible by num_generations (4).', 'AssertionError: real_train_batch_size (20) must be divisible by minimal possible batch size (8)', 'ValueError: The global train batch size (6 x 1) must be evenly divisible by the number of generations per prompt (4).', 'AssertionError: only support equal chunk. Got size of DataProto 30 and chunk 8.'],
  'image-tokens': ['ValueError: Image features and image tokens do not match: tokens: 1200, features 1224'],
  'image-missing': ["FileNotFoundError: [Errno 2] No such file or directory: '/data/images/clevr_000012.png'", "PIL.UnidentifiedImageError: cannot identify image file '/data/7.jpg'"],
  'prompt-format': ['ValueError: Multimodal training requires conversational prompts.', 'jinja2.exceptions.TemplateError: Conversation roles must alternate user/assistant/user/assistant/...'],
  'prompt-length': ['RuntimeError: Prompt length 2345 is longer than 2048.'],
  column: ["KeyError: 'overall'"],
  'too-few-rows': ['AssertionError: assert len(train_dataloader) >= 1'],
  'reward-timeout': ['RewardTimeout: sample p12 took longer than 5000 ms'],
  'nccl-timeout': ['[rank3]:[E] [PG ID 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1042, OpType=ALLREDUCE) ran for 600012 milliseconds', 'RuntimeError: Timed out waiting 1800000ms for recv operation to complete'],
  nccl: ['torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3690, ncclSystemError: System call failed', 'RuntimeError: [/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:553] Connection closed by peer [127.0.0.1]:4321', "RuntimeError: [1] is setting up NCCL communicator and retrieving ncclUniqueId from [0] via c10d key-value store by key '0', but store->get('0') got error: Connection reset by peer", 'torch.distributed.DistNetworkError: The client socket has timed out after 60000ms while trying to connect to (node0, 29500).'],
  'device-assert': ['RuntimeError: CUDA error: device-side assert triggered'],
  'nan-probabilities': ['RuntimeError: probability tensor contains either `inf`, `nan` or element < 0'],
  'cuda-version': ['RuntimeError: The NVIDIA driver on your system is too old (found version 11040).', 'CUDA error: no kernel image is available for execution on the device', 'ImportError: libcudart.so.12: cannot open shared object file'],
  'no-gpu': ['RuntimeError: No CUDA GPUs are available', 'ValueError: Total available GPUs 0 is less than total desired GPUs 8'],
  bf16: ["ValueError: Your setup doesn't support bf16/gpu."],
  'flash-attention': ['RuntimeError: FlashAttention only supports Ampere GPUs or newer.', "ModuleNotFoundError: No module named 'flash_attn'"],
  'ray-port': ['RuntimeError: Failed to bind to address 0.0.0.0:8265'],
  port: ['OSError: [Errno 98] Address already in use', 'torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, errno: 98'],
  'ray-worker': ['ray.exceptions.ActorDiedError: The actor died unexpectedly before finishing this task.', 'A worker died or was killed unexpectedly while executing a task.', 'ray.exceptions.ActorUnavailableError: The actor abc is unavailable: RpcError: RPC Error message: Socket closed', '(raylet) Some workers of the worker process(29801) have not registered within the timeout.'],
  'ray-token': ['ray.exceptions.AuthenticationError: Authentication required: Unauthorized: Missing authentication token'],
  'ray-connection': ['ConnectionError: Could not find any running Ray instance. Please specify the one to connect to by setting `--address` flag'],
  'ray-resources': ['Error: No available node types can fulfill resource request {"GPU": 8.0}'],
  'vllm-version': ["ImportError: cannot import name 'LLM' from 'vllm'"],
  'vllm-length': ['ValueError: max_num_batched_tokens (2048) is smaller than max_model_len (4096).'],
  'vllm-ended': ['vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause.', 'RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}'],
  resume: ["ValueError: Can't find a valid checkpoint at runs/1/checkpoint-20", 'safetensors_rust.SafetensorError: Error while deserializing header: MetadataIncompleteBuffer'],
  model: ["OSError: ./output/stage1 does not appear to have a file named config.json.", "OSError: stage1 is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'", "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or 'namespace/repo_name': '/data/models/base'."],
  'chat-template': ['ValueError: Cannot use chat template functions because tokenizer.chat_template is not set'],
  hub: ["OSError: We couldn't connect to 'https://huggingface.co' to load the files", 'huggingface_hub.errors.LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder'],
  gated: ['huggingface_hub.errors.GatedRepoError: 401 Client Error.'],
  tracker: ['wandb.errors.errors.UsageError: api_key not configured (no-tty). call wandb.login(key=[your_api_key])'],
  'time-limit': ['slurmstepd: error: *** JOB 123 ON node1 CANCELLED AT 2026-11-21T10:00:00 DUE TO TIME LIMIT ***', 'slurmstepd: error: *** STEP 123.0 ON node1 CANCELLED AT 2026-11-21T10:00:00 DUE TO PREEMPTION ***'],
  permission: ["PermissionError: [Errno 13] Permission denied: '/shared/checkpoints'"],
  'open-files': ['OSError: [Errno 24] Too many open files'],
  'shared-memory': ['RuntimeError: unable to open shared memory object </torch_12_34> in read-write mode', 'ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).'],
  config: ["omegaconf.errors.ConfigKeyError: Key 'find_last_checkpoint' not in 'TrainerConfig'", "Could not override 'reward.custom_reward_function.path'."],
  'missing-package': ["ModuleNotFoundError: No module named 'qwen_vl_utils'"],
  nan: ["{'loss': nan, 'grad_norm': nan}"],
};

describe('causes of errors in a log', () => {
  it('has an example for every cause, which is told by it', () => {
    assert.deepEqual(logCauses.map(({ id }) => id).filter(id => examples[id] === undefined), []);
    for (const [id, lines] of Object.entries(examples)) for (const line of lines) assert.equal(causeOfLine(line)?.id, id, line);
  });

  it('says what to do in full sentences', () => {
    for (const { title, remedy } of logCauses) {
      assert.match(remedy, /^[`A-Z].*[.!]$/);
      assert.match(title, /^\S.*[^.]$/);
    }
  });

  it('sees nothing in what goes well', () => {
    const lines = [
      'Running step:  33%|███▎      | 1/3 [03:34<07:09, 214.61s/it]', "'max_num_gen_batches': 0, 'max_model_len': None", 'max_num_batched_tokens: 8192', 'save_model_only: false',
      'INFO 11-21 10:00:00 worker.py:267] the current vLLM instance can use total_gpu_memory (79.10GiB) x gpu_memory_utilization (0.60) = 47.46GiB', 'Saved checkpoint-20', "HF_HUB_OFFLINE: '0'",
      'INFO 11-21 10:00:00 [gpu_worker.py:227] Available KV cache memory: 45.13 GiB', 'NCCL version 2.21.5+cuda12.4', 'wandb: Network error (ConnectionError), entering retry loop.', "'loss_scale_factor': None, 'timeout': 600}", 'Using fork kernel', 'The port 8265 serves the dashboard', '', 'reward_function: /x/pebr_reward.py:compute_score',
    ];
    assert.deepEqual(lines.map(line => causeOfLine(line)?.id), lines.map(() => undefined));
  });
});
