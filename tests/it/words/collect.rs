//! Reads the sentences out of a source file: its string literals outside of tests, in their order, with the tone in which they are
//! shown where the same function names it.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprCall, ExprMacro, ExprMethodCall, ExprStruct, ExprTuple, FnArg, Lit, LitStr, Local, Meta, Pat,
    Token,
};

/// A string literal as written, and the tone that its line has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub line: usize,
    pub column: usize,
    /// Empty where the function does not say it.
    pub tone: String,
    pub text: String,
    /// True for the text of an error type, and for a command's help: both are read whatever they look like.
    pub is_read: bool,
    /// Locals whose value it is part of.
    named: Vec<String>,
}

/// Methods that look for their text in another: nobody reads it.
const LOOKS_FOR: [&str; 17] = [
    "contains",
    "starts_with",
    "ends_with",
    "strip_prefix",
    "strip_suffix",
    "split",
    "split_once",
    "rsplit_once",
    "find",
    "rfind",
    "trim_start_matches",
    "trim_end_matches",
    "eq_ignore_ascii_case",
    "replace",
    "matches",
    "get",
    "remove",
];

/// Macros whose text nobody reads: a broken promise of the code itself, not of the world.
const NOT_READ: [&str; 6] = ["assert", "assert_eq", "assert_ne", "debug_assert", "unreachable", "include_str"];

/// The tones that a file's functions give to their parameters, by function.
type Helpers = BTreeMap<String, Vec<String>>;

#[derive(Default)]
struct Collector {
    found: Vec<Found>,
    /// Tones of the calls around.
    tones: Vec<String>,
    /// Locals that are being given their value.
    lets: Vec<String>,
    /// Tones in which names of the function at hand are shown.
    shown: BTreeMap<String, String>,
    helpers: Helpers,
    /// True for a file whose doc comments are a command's help.
    is_help: bool,
}

/// The literals of a file.
pub fn literals(text: &str, is_help: bool) -> Vec<Found> {
    let file = syn::parse_file(text).unwrap();
    let mut first = Collector { is_help, ..Collector::default() };
    first.visit_file(&file);
    let mut second = Collector { is_help, helpers: first.helpers, ..Collector::default() };
    second.visit_file(&file);
    second.found.sort_by_key(|found| (found.line, found.column));
    second.found
}

impl Collector {
    fn take(&mut self, text: String, span: Span, is_read: bool) {
        let start = span.start();
        let tone = self.tones.iter().rev().find(|tone| !tone.is_empty()).cloned().unwrap_or_default();
        self.found.push(Found {
            line: start.line,
            column: start.column,
            tone,
            text,
            is_read,
            named: self.lets.clone(),
        });
    }

    fn take_tokens(&mut self, tokens: TokenStream, is_read: bool) {
        for token in tokens {
            match token {
                TokenTree::Group(group) if is_doc(&group) => {}
                TokenTree::Group(group) => self.take_tokens(group.stream(), is_read),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal) {
                        self.take(text.value(), text.span(), is_read);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// Goes through the parts of an expression that may name a tone for the others.
    fn within(&mut self, parts: &[&Expr], given: &[String]) {
        let tone = parts.iter().find_map(|part| tone_of(part)).unwrap_or_default();
        for (place, part) in parts.iter().enumerate() {
            let own = if tone.is_empty() { given.get(place).cloned().unwrap_or_default() } else { tone.clone() };
            if !own.is_empty() {
                for name in names_in(part) {
                    self.shown.entry(name).or_insert_with(|| own.clone());
                }
            }
            self.tones.push(own);
            self.visit_expr(part);
            self.tones.pop();
        }
    }

    fn function(&mut self, name: String, inputs: &Punctuated<FnArg, Token![,]>, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.shown);
        let start = self.found.len();
        walk(self);
        let shown = std::mem::replace(&mut self.shown, outer);
        for found in self.found[start..].iter_mut().filter(|found| found.tone.is_empty()) {
            found.tone = found.named.iter().rev().find_map(|name| shown.get(name)).cloned().unwrap_or_default();
        }
        let typed = inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(names_of(&typed.pat)),
            FnArg::Receiver(_) => None,
        });
        let tones = typed.map(|names| names.first().and_then(|name| shown.get(name)).cloned().unwrap_or_default());
        self.helpers.insert(name, tones.collect());
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        let mut help: Option<(Span, String)> = None;
        for attribute in attributes {
            let path = attribute.path();
            match &attribute.meta {
                Meta::List(list) if ["error", "arg", "command"].iter().any(|name| path.is_ident(name)) => {
                    self.take_tokens(list.tokens.clone(), path.is_ident("error"));
                }
                Meta::NameValue(pair) if self.is_help && path.is_ident("doc") => {
                    if let Expr::Lit(literal) = &pair.value
                        && let Lit::Str(text) = &literal.lit
                    {
                        let (_, whole) = help.get_or_insert_with(|| (text.span(), String::new()));
                        whole.push_str(text.value().trim_start());
                        whole.push('\n');
                    }
                }
                _ => {}
            }
        }
        if let Some((span, text)) = help {
            self.take(text.trim_end().replace("\n\n", "\u{1}").replace('\n', " ").replace('\u{1}', "\n\n"), span, true);
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(item.sig.ident.to_string(), &item.sig.inputs, |found| found.visit_block(&item.block));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            self.function(item.sig.ident.to_string(), &item.sig.inputs, |found| found.visit_block(&item.block));
        }
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        if has_attribute(&item.attrs, "command") || !self.is_help {
            self.attributes(&item.attrs);
        }
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        if !self.is_help {
            self.attributes(&item.attrs);
        }
        visit::visit_item_enum(self, item);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.attributes(&variant.attrs);
        visit::visit_variant(self, variant);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !(self.is_help && has_attribute(&field.attrs, "command")) {
            self.attributes(&field.attrs);
        }
        visit::visit_field(self, field);
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_pat(&mut self, _: &'ast Pat) {}

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.take(text.value(), text.span(), false);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        let names = names_of(&local.pat);
        let outside = self.lets.len();
        self.lets.extend(names);
        visit::visit_local(self, local);
        self.lets.truncate(outside);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let name = match call.func.as_ref() {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
            _ => String::new(),
        };
        let given = self.helpers.get(&name).cloned().unwrap_or_default();
        self.visit_expr(&call.func);
        self.within(&call.args.iter().collect::<Vec<_>>(), &given);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.visit_expr(&call.receiver);
        if !LOOKS_FOR.iter().any(|name| call.method == name) {
            self.within(&call.args.iter().collect::<Vec<_>>(), &[]);
        }
    }

    fn visit_expr_struct(&mut self, made: &'ast ExprStruct) {
        self.within(&made.fields.iter().map(|field| &field.expr).collect::<Vec<_>>(), &[]);
        if let Some(rest) = &made.rest {
            self.visit_expr(rest);
        }
    }

    fn visit_expr_tuple(&mut self, tuple: &'ast ExprTuple) {
        self.within(&tuple.elems.iter().collect::<Vec<_>>(), &[]);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let is_compared = matches!(binary.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_));
        for side in [&binary.left, &binary.right] {
            if !(is_compared && matches!(side.as_ref(), Expr::Lit(_))) {
                self.visit_expr(side);
            }
        }
    }

    fn visit_expr_macro(&mut self, called: &'ast ExprMacro) {
        self.visit_macro(&called.mac);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        if NOT_READ.iter().any(|name| called.path.is_ident(name)) {
            return;
        }
        let parts = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(called.tokens.clone());
        match parts {
            // The tokens of a macro outlive no visit: they are read by a collector of their own.
            Ok(parts) => parts.iter().for_each(|part| {
                let mut inner = Collector {
                    tones: self.tones.clone(),
                    lets: self.lets.clone(),
                    helpers: self.helpers.clone(),
                    ..Collector::default()
                };
                inner.visit_expr(part);
                self.found.extend(inner.found);
                self.shown.extend(inner.shown);
            }),
            Err(_) => self.take_tokens(called.tokens.clone(), false),
        }
    }
}

/// True for a comment that documents something inside a macro.
fn is_doc(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    first.is_some_and(|token| matches!(token, TokenTree::Ident(name) if name == "doc"))
}

/// The tone that an expression is.
fn tone_of(expression: &Expr) -> Option<String> {
    let Expr::Path(path) = expression else { return None };
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.as_slice() {
        [.., owner, tone] if owner == "Tone" => Some(tone.to_lowercase()),
        _ => None,
    }
}

/// The locals that an argument shows: itself, or those in a text that it formats.
fn names_in(expression: &Expr) -> Vec<String> {
    match expression {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).into_iter().collect(),
        Expr::Reference(inner) => names_in(&inner.expr),
        Expr::MethodCall(call) => names_in(&call.receiver),
        _ => Vec::new(),
    }
}

/// The names that a pattern gives.
fn names_of(pattern: &Pat) -> Vec<String> {
    match pattern {
        Pat::Ident(name) => vec![name.ident.to_string()],
        Pat::Type(typed) => names_of(&typed.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().flat_map(names_of).collect(),
        _ => Vec::new(),
    }
}

fn has_attribute(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string() == "test")
    })
}

fn attributes_of(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
