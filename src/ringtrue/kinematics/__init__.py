"""The kinematics room."""
