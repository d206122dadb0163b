//! A part of a world that worlds share until one of them changes it, with its digest, which is worked out once.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

#[derive(Debug)]
struct Part<T> {
    value: T,
    digest: OnceLock<u64>,
}

impl<T: Clone> Clone for Part<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), digest: OnceLock::new() }
    }
}

#[derive(Clone, Debug)]
pub struct Shared<T>(Arc<Part<T>>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(Arc::new(Part { value, digest: OnceLock::new() }))
    }

    /// A hash of what `write` says of the value.
    pub fn digest(&self, write: impl FnOnce(&T, &mut Digest) -> std::fmt::Result) -> u64 {
        *self.0.digest.get_or_init(|| {
            let mut digest = Digest(DefaultHasher::new());
            write(&self.0.value, &mut digest).unwrap();
            digest.0.finish()
        })
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        let part = Arc::make_mut(&mut self.0);
        part.digest = OnceLock::new();
        &mut part.value
    }
}

/// Text, hashed as it is written.
pub struct Digest(DefaultHasher);

impl std::fmt::Write for Digest {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        text.hash(&mut self.0);
        Ok(())
    }
}
