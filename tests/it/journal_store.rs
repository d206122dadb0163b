//! journal_store
