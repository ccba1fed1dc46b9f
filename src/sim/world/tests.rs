//! The day, looked at from outside.
