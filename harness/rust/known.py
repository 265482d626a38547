"""Words of Rust and of its standard library, sorted by what a unit shows with them."""

_TELLING_WORDS = """
Backtrace Location backtrace current_exe type_name type_name_of_val
"""
TELLING_WORDS = frozenset(_TELLING_WORDS.split())
"""What a program can see of its crate or file."""

_TELLING_MACROS = """
asm concat_idents file global_asm include include_bytes include_str llvm_asm module_path
naked_asm
"""
TELLING_MACROS = frozenset(_TELLING_MACROS.split())
"""Macros that tell of the crate or file, read other files, or make symbols."""

_ITEM_ATTRIBUTES = """
allow automatically_derived cfg cold default deny deprecated derive diagnostic::on_unimplemented
doc expect forbid ignore inline macro_use must_use non_exhaustive repr rustfmt::skip
should_panic test track_caller warn
"""
ITEM_ATTRIBUTES = frozenset(_ITEM_ATTRIBUTES.split())
"""Attributes that say something of one item, to the compiler alone."""

_STD_DERIVES = """
Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd
"""
STD_DERIVES = frozenset(_STD_DERIVES.split())
"""Traits of std whose derived implementation is for the type itself."""

_LOUD_LINT_WORDS = """
deny expect forbid warn
"""
LOUD_LINT_WORDS = frozenset(_LOUD_LINT_WORDS.split())
"""What sets a lint's level to anything but silence."""

_LOCAL_LINTS = """
arithmetic_overflow bare_trait_objects elided_lifetimes_in_paths keyword_idents
non_camel_case_types non_snake_case non_upper_case_globals unconditional_panic
unconditional_recursion unreachable_code unsafe_code unsafe_op_in_unsafe_fn unused_assignments
unused_must_use unused_mut unused_variables
"""
LOCAL_LINTS = frozenset(_LOCAL_LINTS.split())
"""Lints that judge an expression or item by itself, wherever it stands."""

_QUIET_MACROS = """
assert assert_eq assert_ne cfg column compile_error concat dbg debug_assert debug_assert_eq
debug_assert_ne env eprint eprintln format format_args line matches option_env panic print
println stringify thread_local todo try unimplemented unreachable vec write writeln
"""
QUIET_MACROS = frozenset(_QUIET_MACROS.split())
"""Macros of std whose expansion holds no item that another unit could see."""

_STANDARD_CRATES = """
alloc core proc_macro std
"""
STANDARD_CRATES = frozenset(_STANDARD_CRATES.split())
"""Crates that come with the compiler."""
