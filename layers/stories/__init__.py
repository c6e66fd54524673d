"""Stories: scenes played on the map, read from `data/stories/`, a folder or a zip, checked whole, and resolved.

from layers import stories

pitch = stories.read("pitch")
data = stories.resolved(pitch)
"""

from layers.stories.read import from_files, ids, read
from layers.stories.resolve import resolved
from layers.stories.scene import Fault, Scene, Story, StoryError

__all__ = ["Fault", "Scene", "Story", "StoryError", "from_files", "ids", "read", "resolved"]
