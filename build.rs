//! Links `heap.c` to the program, where glibc is what it is for. Not to tests
//! and benches, whose peers are to be as they come.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=src/heap.c");
    let of_target = |what| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if of_target("OS") == "linux" && of_target("ENV") == "gnu" {
        for object in cc::Build::new().file("src/heap.c").compile_intermediates() {
            println!("cargo::rustc-link-arg-bin=holdline={}", object.display());
        }
    }
}
