//! The graph of imports between the source files: which file names an item of which other file, outside of tests. A name is
//! followed through every `use` to the file that owns the item.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Segments of a path below the crate's root: `app`, `desk`, `Desk`.
type Path = Vec<String>;

/// Imports that lead to imports: more are a circle of `use` alone.
const LONGEST_CHAIN: usize = 16;

/// A module that has a file.
struct Module {
    file: String,
    tokens: Vec<String>,
    /// Names that a `use` brings in, each with the path that it stands for.
    names: BTreeMap<String, Path>,
}

pub struct Imports {
    modules: BTreeMap<Path, Module>,
    edges: BTreeMap<Path, BTreeSet<Path>>,
}

impl Imports {
    /// Reads every module that the library declares outside of tests.
    pub fn of_the_library() -> Self {
        Self::from_root(|file| fs::read_to_string(format!("src/{file}")).ok())
    }

    fn from_root(read: impl Fn(&str) -> Option<String>) -> Self {
        let mut imports = Self { modules: BTreeMap::new(), edges: BTreeMap::new() };
        let mut declared = vec![Path::new()];
        while let Some(path) = declared.pop() {
            let file = if path.is_empty() { "lib.rs".to_owned() } else { format!("{}.rs", path.join("/")) };
            let Some(text) = read(&file) else { continue };
            let tokens = without_tests(&tokens(&text));
            for words in tokens.windows(3).filter(|words| words[0] == "mod" && words[2] == ";") {
                declared.push(below(&path, &words[1]));
            }
            imports.modules.insert(path, Module { file, tokens, names: BTreeMap::new() });
        }
        imports.follow_uses();
        imports.follow_paths();
        imports
    }

    fn follow_uses(&mut self) {
        for path in self.modules.keys().cloned().collect::<Vec<_>>() {
            let mut names = BTreeMap::new();
            for (name, named) in uses(&self.modules[&path].tokens) {
                if let Some(named) = self.absolute(&path, &named) {
                    names.insert(name, named);
                }
            }
            self.modules.get_mut(&path).unwrap().names = names;
        }
    }

    fn follow_paths(&mut self) {
        for (path, module) in &self.modules {
            let inline = inline_paths(&module.tokens).into_iter().filter_map(|named| self.absolute(path, &named));
            let named = module.names.values().cloned().chain(inline);
            let owners: BTreeSet<Path> = named.filter_map(|named| self.owner(&named, 0)).collect();
            let others = owners.into_iter().filter(|owner| !owner.starts_with(path) && !path.starts_with(owner));
            self.edges.insert(path.clone(), others.collect());
        }
    }

    /// A path as a module writes it, from the crate's root on; nothing if it begins with a foreign or a local name.
    fn absolute(&self, here: &Path, written: &[String]) -> Option<Path> {
        let (first, rest) = written.split_first()?;
        let start = match first.as_str() {
            "crate" => Path::new(),
            "self" => here.clone(),
            "super" => here[..here.len().checked_sub(1)?].to_vec(),
            child if self.modules.contains_key(&below(here, child)) => below(here, child),
            name => self.modules[here].names.get(name)?.clone(),
        };
        let climbing = rest.iter().take_while(|segment| *segment == "super").count();
        let start = &start[..start.len().checked_sub(climbing)?];
        Some(start.iter().chain(&rest[climbing..]).cloned().collect())
    }

    /// The module in whose file an item is written.
    fn owner(&self, path: &[String], imports: usize) -> Option<Path> {
        let mut here = Path::new();
        for (index, segment) in path.iter().enumerate() {
            let child = below(&here, segment);
            if self.modules.contains_key(&child) {
                here = child;
            } else if let Some(named) = self.modules[&here].names.get(segment).filter(|_| imports < LONGEST_CHAIN) {
                let whole: Path = named.iter().chain(&path[index + 1..]).cloned().collect();
                return self.owner(&whole, imports + 1);
            } else {
                break;
            }
        }
        Some(here)
    }

    fn reached_from(&self, start: &Path) -> BTreeSet<&Path> {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&Path> = self.edges[start].iter().collect();
        while let Some(path) = next.pop() {
            if reached.insert(path) {
                next.extend(&self.edges[path]);
            }
        }
        reached
    }

    /// Files that can be reached from each other, a set for each circle.
    pub fn circles(&self) -> BTreeSet<Vec<String>> {
        let reached: BTreeMap<&Path, BTreeSet<&Path>> =
            self.edges.keys().map(|path| (path, self.reached_from(path))).collect();
        let in_a_circle = reached.iter().filter(|(path, others)| others.contains(*path));
        in_a_circle
            .map(|(path, others)| {
                let members = others.iter().filter(|other| reached[*other].contains(path));
                members.map(|member| self.modules[*member].file.clone()).collect()
            })
            .collect()
    }

    /// Which file of some names which, a line each.
    pub fn between(&self, files: &[String]) -> Vec<String> {
        let mut lines = Vec::new();
        for (path, owners) in &self.edges {
            for owner in owners {
                let (from, to) = (&self.modules[path].file, &self.modules[owner].file);
                if files.contains(from) && files.contains(to) {
                    lines.push(format!("{from} names {to}"));
                }
            }
        }
        lines
    }

    /// How many files there are, and how often one names another.
    pub fn size(&self) -> (usize, usize) {
        (self.modules.len(), self.edges.values().map(BTreeSet::len).sum())
    }
}

fn below(path: &[String], segment: &str) -> Path {
    path.iter().cloned().chain([segment.to_owned()]).collect()
}

/// Words, `::` and single signs; no comments, strings, numbers' signs or lifetimes.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = string_length(rest) {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let length = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(rest.len());
            found.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            found.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                found.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// The length of the string or character that a text begins with.
fn string_length(text: &str) -> Option<usize> {
    let after = text.strip_prefix('b').unwrap_or(text);
    let prefix = text.len() - after.len();
    if let Some(raw) = after.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let body = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(prefix + 1 + hashes + 1 + body.find(&end)? + end.len());
    }
    let quote = after.chars().next().filter(|sign| ['"', '\''].contains(sign))?;
    let mut escaped = false;
    for (index, sign) in after.char_indices().skip(1) {
        if quote == '\'' && !escaped && index > 1 && sign != '\'' && !after[1..].starts_with('\\') {
            return None; // A lifetime.
        }
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            sign if sign == quote => return Some(prefix + index + 1),
            _ => {}
        }
    }
    None
}

/// Tokens without the items under `#[cfg(test)]`.
fn without_tests(tokens: &[String]) -> Vec<String> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        if tokens[index..].iter().take(TEST.len()).eq(TEST.iter()) {
            index += TEST.len() + item_length(&tokens[index + TEST.len()..]);
        } else {
            kept.push(tokens[index].clone());
            index += 1;
        }
    }
    kept
}

/// How many tokens an item has: up to its semicolon, or to the brace that closes its body.
fn item_length(tokens: &[String]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return index + 1,
            "}" => depth = depth.saturating_sub(1),
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Each name that a `use` brings in, with the path as written.
fn uses(tokens: &[String]) -> Vec<(String, Path)> {
    let mut found = Vec::new();
    for (index, _) in tokens.iter().enumerate().filter(|(_, token)| *token == "use") {
        let tree = tokens[index + 1..].split(|token| token == ";").next().unwrap_or_default();
        use_tree(tree, &[], &mut found);
    }
    found
}

fn use_tree(tree: &[String], prefix: &[String], found: &mut Vec<(String, Path)>) {
    if let Some(open) = tree.iter().position(|token| token == "{") {
        let prefix: Path = prefix.iter().chain(segments(&tree[..open]).iter()).cloned().collect();
        for branch in branches(&tree[open + 1..tree.len() - 1]) {
            use_tree(branch, &prefix, found);
        }
        return;
    }
    let (written, alias) = match tree.iter().position(|token| token == "as") {
        Some(at) => (&tree[..at], tree.get(at + 1)),
        None => (tree, None),
    };
    let mut path: Path = prefix.iter().chain(segments(written).iter()).cloned().collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "self" || last == "*") {
        path.pop();
    }
    if let Some(name) = alias.or(path.last()) {
        found.push((name.clone(), path));
    }
}

fn segments(tokens: &[String]) -> Path {
    tokens.iter().filter(|token| *token != "::").cloned().collect()
}

/// The parts between commas that are in no inner braces.
fn branches(tokens: &[String]) -> Vec<&[String]> {
    let mut depth = 0_usize;
    let parts = tokens.split(move |token| {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        depth == 0 && token == ","
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// Paths of two segments or more, outside of `use`.
fn inline_paths(tokens: &[String]) -> Vec<Path> {
    let is_word = |token: &String| token.starts_with(|sign: char| sign.is_alphabetic() || sign == '_');
    let mut found = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        if tokens[index] == "use" {
            index += item_length_of_use(&tokens[index..]);
            continue;
        }
        let mut path = Path::new();
        while tokens.get(index).is_some_and(is_word) {
            path.push(tokens[index].clone());
            if tokens.get(index + 1).is_some_and(|token| token == "::") {
                index += 2;
            } else {
                break;
            }
        }
        if path.len() > 1 {
            found.push(path);
        }
        index += 1;
    }
    found
}

fn item_length_of_use(tokens: &[String]) -> usize {
    tokens.iter().position(|token| token == ";").unwrap_or(tokens.len() - 1) + 1
}

#[test]
fn a_circle_is_seen_through_braces_inline_paths_and_names_that_are_passed_on() {
    let files = BTreeMap::from([
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "mod inner; pub use self::inner::Item;"),
        ("a/inner.rs", "use crate::{b, c::{self, Thing as Other}}; pub struct Item; fn f() { b::g(); } "),
        (
            "b.rs",
            "/// `crate::c` is not named. \n const TEXT: &str = \"crate::c\"; pub fn g<'a>(_: &'a crate::a::Item) {}",
        ),
        ("c.rs", "pub struct Thing; #[cfg(test)] mod tests { use crate::a::Item; } #[cfg(test)] use crate::b;"),
    ]);
    let imports = Imports::from_root(|file| files.get(file).map(|text| (*text).to_owned()));
    assert_eq!(imports.circles(), BTreeSet::from([vec!["a/inner.rs".to_owned(), "b.rs".to_owned()]]));
    assert_eq!(imports.size(), (5, 3));
}

#[test]
fn a_parent_and_its_child_are_no_circle() {
    let files = BTreeMap::from([
        ("lib.rs", "mod a;"),
        ("a.rs", "mod inner; use inner::Item; pub struct Outer(Item);"),
        ("a/inner.rs", "use super::Outer; pub struct Item; fn f(_: Outer) {}"),
    ]);
    let imports = Imports::from_root(|file| files.get(file).map(|text| (*text).to_owned()));
    assert!(imports.circles().is_empty());
}
