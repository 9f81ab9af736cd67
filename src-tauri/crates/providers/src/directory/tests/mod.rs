//! The administrators' APIs against small servers in this process.
