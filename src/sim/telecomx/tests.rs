//! Each answer that the page prints, by its status and its body.
