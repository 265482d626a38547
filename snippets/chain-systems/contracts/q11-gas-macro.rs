use super::*;
use syn::{File, Item};

fn record() -> Result<GasRecord, RecordError> {
    let text = "# recorded at block 20_000_000\nswap 51234\nrouter.exit 98000 # with unwrap\n\n";
    GasRecord::parse("gas.txt", text)
}

fn tokens(source: &str) -> TokenStream {
    source.parse().unwrap()
}

/// The item that went in, and what was added to it.
fn split(output: &TokenStream, input: &TokenStream) -> TokenStream {
    let (input, output): (Vec<_>, Vec<_>) =
        (input.clone().into_iter().collect(), output.clone().into_iter().collect());
    let text = |trees: &[proc_macro2::TokenTree]| {
        trees.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(text(&output[..input.len()]), text(&input), "the function was changed");
    output[input.len()..].iter().cloned().collect()
}

/// The text of the one `compile_error!` that was added.
fn error(output: &TokenStream, input: &TokenStream) -> String {
    let added = split(output, input);
    let file: File = syn::parse2(added).unwrap();
    let [Item::Macro(item)] = &file.items[..] else { panic!("not one macro") };
    let path: Vec<String> = item.mac.path.segments.iter().map(|s| s.ident.to_string()).collect();
    assert_eq!(path.last().unwrap(), "compile_error");
    item.mac.parse_body::<LitStr>().unwrap().value()
}

/// Q11.1 the function is left as it was and a constant is added
#[test]
fn the_function_is_left_and_a_constant_added() {
    let functions = [
        "fn swap() {}",
        "pub async fn swap(&self, amount: u128) -> Result<(), Error> { self.call(amount).await? }",
        "#[inline] #[must_use] pub(crate) const fn swap<'a, T: Into<u64>>(x: &'a T) -> u64 { 1 }",
        "/// Text.\npub unsafe extern \"C\" fn swap(r#type: i32, ...) where i32: Copy { if a > b {} }",
        "fn swap() -> &'static str { \"a \\\" b\" /* gone anyway */ }",
    ];
    for source in functions {
        let input = tokens(source);
        let output = expand(TokenStream::new(), input.clone(), &record());
        let ItemFn { vis, .. } = syn::parse2(input.clone()).unwrap();
        let added: Item = syn::parse2(split(&output, &input)).unwrap();
        let Item::Const(added) = added else { panic!("no constant") };
        assert_eq!(added.ident, "SWAP_GAS");
        let (added_vis, ty) = (&added.vis, &added.ty);
        assert_eq!(quote!(#added_vis #ty).to_string(), quote!(#vis u64).to_string());
    }
}

/// Q11.1 two functions in one module do not collide, and a call may be named
#[test]
fn constants_are_named_after_their_functions() {
    let named = expand(tokens("\"router.exit\""), tokens("fn leave() {}"), &record());
    let plain = expand(TokenStream::new(), tokens("fn swap() {}"), &record());
    let file: File = syn::parse2(quote! { #named #plain }).unwrap();
    let names = file.items.iter().filter_map(|item| match item {
        Item::Const(constant) => Some(constant.ident.to_string()),
        _ => None,
    });
    assert_eq!(names.collect::<Vec<_>>(), ["LEAVE_GAS", "SWAP_GAS"]);
}

/// Q11.2 a missing estimator is a `compile_error!` that names it, not a panic
#[test]
fn a_missing_record_is_a_compile_error_that_names_it() {
    let input = tokens("pub fn swap() {}");
    let missing = GasRecord::load(Path::new("no/such/gas.txt"));
    let text = error(&expand(TokenStream::new(), input.clone(), &missing), &input);
    assert!(text.starts_with("no gas record at no/such/gas.txt: "), "{text}");

    let input = tokens("pub fn burn() {}");
    let text = error(&expand(TokenStream::new(), input.clone(), &record()), &input);
    assert_eq!(text, "no estimate of burn in gas.txt; record it first");
}

/// Q11.2 nor does anything else that can be wrong panic
#[test]
fn whatever_is_wrong_is_a_compile_error() {
    let swap = tokens("fn swap() {}");
    for (text, message) in [
        ("swap", "gas.txt:1: expected a name and a number"),
        ("\nswap -4", "gas.txt:2: expected a name and a number"),
        ("swap 1 2", "gas.txt:1: expected a name and a number"),
        ("swap 1\nswap 2", "gas.txt:2: swap stands there twice"),
    ] {
        let broken = GasRecord::parse("gas.txt", text);
        assert_eq!(error(&expand(TokenStream::new(), swap.clone(), &broken), &swap), message);
    }
    let unnamed = expand(tokens("router.exit"), swap.clone(), &record());
    assert_eq!(error(&unnamed, &swap), "expected string literal");
    let structure = tokens("struct Swap;");
    let no_function = expand(TokenStream::new(), structure.clone(), &record());
    assert!(error(&no_function, &structure).starts_with("expected"));
}

/// Q11.2 a function whose name is a keyword is no reason to panic
#[test]
fn a_raw_name_is_read_without_its_mark() {
    let (input, record) = (tokens("fn r#type() {}"), GasRecord::parse("gas.txt", "type 7"));
    let output = expand(TokenStream::new(), input.clone(), &record);
    let added = split(&output, &input).to_string();
    assert!(added.contains("TYPE_GAS : u64 = 7u64"), "{added}");
}

/// Q11.3 the same input gives the same constant with no network
#[test]
fn the_same_input_gives_the_recorded_constant() {
    let once =
        |attribute: &str| expand(tokens(attribute), tokens("fn swap() {}"), &record()).to_string();
    let (plain, named) = (once(""), once("\"router.exit\""));
    assert!(plain.contains("SWAP_GAS : u64 = 51234u64"), "{plain}");
    assert!(named.contains("SWAP_GAS : u64 = 98000u64"), "{named}");
    for _ in 0..10 {
        assert_eq!(once(""), plain);
    }
}
