// Placeholder: the target has no source yet.
