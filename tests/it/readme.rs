//! The README shows what the program shows: its pictures are written by these tests from the real view, and its table of keys
//! is compared with the keymap, its first profile with the configuration's reader, its manuals with those that there are.

use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::words::manual::TOPICS;
use withdraw_desk::config::file::ConfigFile;

use crate::world::World;

const README: &str = "README.md";

/// Compares the README's picture of that name with the screen. With `UPDATE_README=1` it is written instead.
fn picture(name: &str, screen: &str) {
    let readme = std::fs::read_to_string(README).unwrap();
    let (start, end) = (format!("<!-- picture: {name} -->\n```text\n"), "\n```\n<!-- end -->");
    let from = readme.find(&start).unwrap_or_else(|| panic!("no picture {name}")) + start.len();
    let to = from + readme[from..].find(end).expect("the picture ends");
    let drawn: Vec<&str> = screen.lines().filter(|line| !line.starts_with("styles ")).collect();
    let drawn = drawn.join("\n");
    let drawn = drawn.trim_end();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, format!("{}{drawn}{}", &readme[..from], &readme[to..])).unwrap();
    } else {
        assert_eq!(&readme[from..to], drawn, "UPDATE_README=1 cargo test writes it anew");
    }
}

#[test]
fn its_pictures_are_what_the_view_draws() {
    picture("list", &World::new().screen());
    let mut world = World::new();
    world.arm("fine");
    picture("dialog", &world.screen());
    world.press("Enter");
    world.seconds(3);
    picture("timeline", &world.screen());
}

#[test]
fn it_names_every_key_of_the_list() {
    let readme = std::fs::read_to_string(README).unwrap();
    for binding in Keymap::built_in().unwrap().of("list") {
        for key in &binding.keys {
            assert!(readme.contains(&format!("`{key}`")), "{key} is missing");
        }
    }
}

#[test]
fn its_first_profile_has_five_lines_and_reads() {
    let readme = std::fs::read_to_string(README).unwrap();
    let profile = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(profile.lines().count(), 5, "{profile}");
    let file = ConfigFile::parse(profile).unwrap();
    let chosen = file.default_profile.expect("a default profile");
    let chosen = &file.profiles[chosen.get_ref()];
    assert!(chosen.url.is_some() && chosen.login.username.is_some());
}

#[test]
fn it_is_short_and_leads_to_every_manual() {
    let readme = std::fs::read_to_string(README).unwrap();
    assert!(readme.len() <= 12 * 1024, "{} bytes", readme.len());
    for topic in TOPICS {
        assert!(readme.contains(&format!("[{0}](assets/manual/{0}.md)", topic.name)), "{} is missing", topic.name);
    }
}
