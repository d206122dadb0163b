//! real_loop
