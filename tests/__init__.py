"""Tests: one folder a room, whole stories in journeys."""
