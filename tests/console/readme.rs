//! README's picture is what the console draws.

use super::{screen, world};

#[test]
fn readme_shows_the_screen_as_it_is_drawn() {
    let readme = include_str!("../../README.md");
    let state = world::console(world::busy(), 80, 24);
    let rows = screen::rows(&screen::draw(&state));
    let drawn: String = rows
        .iter()
        .map(|row| row.trim_end().to_owned() + "\n")
        .collect();
    assert!(
        readme.contains(&format!("```text\n{drawn}```")),
        "put this into README.md:\n{drawn}"
    );
}
