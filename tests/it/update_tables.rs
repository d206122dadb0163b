//! update_tables
