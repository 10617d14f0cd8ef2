"""What Python rewards may import as `pebr`; offered by the reward worker, which also serves the trainer."""

from pebr_trainer.reward_clip import clip_similarity

__all__ = ["clip_similarity"]
