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
addr_of addr_of_mut assert assert_eq assert_ne cfg column compile_error concat dbg debug_assert
debug_assert_eq debug_assert_ne env eprint eprintln format format_args line matches offset_of
option_env panic pin print println ready stringify thread_local todo try unimplemented
unreachable vec write writeln
"""
QUIET_MACROS = frozenset(_QUIET_MACROS.split())
"""Macros of std whose expansion holds no item that another unit could see."""

_STANDARD_CRATES = """
alloc core proc_macro std
"""
STANDARD_CRATES = frozenset(_STANDARD_CRATES.split())
"""Crates that come with the compiler."""

_PLAIN_ERRORS = """
E0004 E0005 E0023 E0026 E0027 E0029 E0040 E0046 E0050 E0053 E0054 E0057 E0060 E0061 E0062 E0063
E0067 E0069 E0070 E0072 E0106 E0107 E0124 E0128 E0133 E0191 E0195 E0201 E0204 E0261 E0262 E0267
E0268 E0277 E0308 E0317 E0368 E0369 E0373 E0381 E0382 E0384 E0403 E0407 E0412 E0415 E0416 E0422
E0423 E0424 E0425 E0426 E0432 E0433 E0434 E0435 E0437 E0438 E0499 E0500 E0501 E0502 E0503 E0505
E0506 E0507 E0508 E0509 E0515 E0521 E0527 E0528 E0529 E0530 E0531 E0532 E0559 E0560 E0562 E0571
E0572 E0573 E0574 E0576 E0592 E0593 E0594 E0596 E0597 E0599 E0600 E0603 E0604 E0605 E0606 E0607
E0608 E0609 E0610 E0614 E0615 E0618 E0620 E0621 E0624 E0689 E0716 E0728
"""
PLAIN_ERRORS = frozenset(_PLAIN_ERRORS.split())
"""Errors that are told in the same words wherever in a crate the text stands."""

_LATE_ERRORS = """
E0373 E0381 E0382 E0384 E0499 E0500 E0501 E0502 E0503 E0505 E0506 E0507 E0508 E0509 E0515 E0521
E0594 E0596 E0597 E0716
"""
LATE_ERRORS = frozenset(_LATE_ERRORS.split())
"""Errors of the borrow checker, the last step that looks at functions."""

GRAMMAR_ERRORS = frozenset({"E0586"})
"""Codes of the compiler's reader, which looks at one file; most of what it says has no code."""
