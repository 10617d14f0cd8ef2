"""Trains a vision-language model in two stages, perception before reasoning, and records every rollout."""

__version__ = "0.1.0"
