"""An answer as files: whatever the study, by the declarations of its rows."""
