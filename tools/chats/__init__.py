"""Conversations in the formats of trainers: read into one form, written in another, with what did not fit."""
