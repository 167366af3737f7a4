"""A drawn frame from words: `words` reads them, `board` composes a scene in front of a lens, the rest draws with a pen."""
