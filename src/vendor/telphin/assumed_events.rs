//! Everything about Telphin's events that the page does not say, with the
//! ground each line stands on; to correct one, correct it here.
